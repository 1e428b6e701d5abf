"""The command `blogcli user delete`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from ... import services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.messages import amount, subject
from ...cli.option_group import Flag
from ...cli.options import DryRun, IgnoreMissing, Yes
from ...cli.prompts import confirm, must_ask
from ...cli.results import USER, ChangeReport
from ...errors import UsageError
from ...runner import run
from .arguments import UserReferences

if TYPE_CHECKING:
    from ...schemas import UserDeletion

app = typer.Typer()


@command(app, "delete")
def delete(
    context: CliContext,
    references: UserReferences,
    reassign_to: Annotated[
        str | None,
        Option("--reassign-to", help="Assign their posts to this user.", **completers.USER),
    ] = None,
    purge_posts: Annotated[bool, Flag("--purge-posts", help="Delete their posts permanently.")] = False,
    ignore_missing: IgnoreMissing = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Delete users. If they have posts, --reassign-to or --purge-posts is required.

    Examples:
        blogcli user delete bob@example.org --reassign-to ann@example.org
        blogcli user delete bob@example.org --purge-posts --dry-run
        blogcli user delete 3 --reassign-to 1 --yes
    """
    if reassign_to is not None and purge_posts:
        raise UsageError("Choose one of --reassign-to and --purge-posts")
    settings = context.settings
    users = references.read()
    options: dict[str, Any] = {"reassign_to": reassign_to, "purge_posts": purge_posts, "ignore_missing": ignore_missing}
    if not dry_run and must_ask(context, yes=yes):
        _confirm_deletion(context, run(settings, services.users.plan_deletion, users, **options))
    changes = run(settings, services.users.delete_users, users, **options, dry_run=dry_run)
    detail = _post_clause(changes, "; would {}" if dry_run else "; {}d")
    return ChangeReport(changes=changes, record_type=USER, verb="delete", dry_run=dry_run, detail=detail)


def _confirm_deletion(context: CliContext, plan: "UserDeletion") -> None:
    if plan.changed:
        users = subject(plan.changed, noun="user", name_field="email")
        confirm(context, f"Delete {users}{_post_clause(plan, ' and {}')}", yes=False)


def _post_clause(deletion: "UserDeletion", template: str) -> str:
    """Return a clause about the posts of the deleted users, or an empty string if the users have no posts.

    The clause begins with `template`, into which the verb `move` or `permanently delete` is inserted.
    """
    if not deletion.posts:
        return ""
    posts = amount(deletion.posts, "post")
    if deletion.heir:
        return f"{template.format('move')} {posts} to {deletion.heir}"
    return f"{template.format('permanently delete')} {posts}"
