"""`blogcli user delete`: users deleted, and what becomes of their posts."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from ... import services
from ...cli import completers
from ...cli.context import Flag, Invocation, command
from ...cli.fields import USERS
from ...cli.options import DryRun, IgnoreMissing, Printing, Users, Yes
from ...cli.prompts import confirm, must_ask
from ...cli.rendering import amount, report, subject
from ...errors import UsageError
from ...runner import run

if TYPE_CHECKING:
    from ...schemas import UserDeletion

app = typer.Typer()

_report = partial(report, verb="delete", noun="user", name="email")


@command(app, "delete")
def delete(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    reassign_to: Annotated[
        str | None,
        Option("--reassign-to", help="Assign their posts to this user.", **completers.USER),
    ] = None,
    purge_posts: Annotated[bool, Flag("--purge-posts", help="Delete their posts permanently.")] = False,
    ignore_missing: IgnoreMissing = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Delete users; if they have posts, an option must say what happens to these.

    Examples:
        blogcli user delete bob@example.org --reassign-to ann@example.org
        blogcli user delete bob@example.org --purge-posts --dry-run
        blogcli user delete 3 --reassign-to 1 --yes
    """
    if reassign_to is not None and purge_posts:
        raise UsageError("Choose one of --reassign-to and --purge-posts")
    choice = printing.choice(invocation)
    settings = invocation.settings
    references = users.named()
    how: dict[str, Any] = {"reassign_to": reassign_to, "purge_posts": purge_posts, "ignore_missing": ignore_missing}
    if must_ask(invocation, yes=yes or dry_run):
        _confirm_deletion(invocation, run(settings, services.users.plan_deletion, references, **how))
    changes = run(settings, services.users.delete_users, references, **how, dry_run=dry_run)
    detail = _fate_of_posts(changes, "; would {}" if dry_run else "; {}d")
    _report(invocation, changes, USERS, choice, dry_run=dry_run, detail=detail)


def _confirm_deletion(invocation: Invocation, plan: "UserDeletion") -> None:
    if plan.changed:
        what = subject(plan.changed, noun="user", name="email")
        confirm(invocation, f"Delete {what}{_fate_of_posts(plan, ' and {}')}", yes=False)


def _fate_of_posts(deletion: "UserDeletion", form: str) -> str:
    """Return what becomes of the posts, with the verb put into `form`; nothing where there are none."""
    if not deletion.posts:
        return ""
    posts = amount(deletion.posts, "post")
    if deletion.heir:
        return f"{form.format('move')} {posts} to {deletion.heir}"
    return f"{form.format('permanently delete')} {posts}"
