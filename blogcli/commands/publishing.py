"""`blogcli post publish`, `unpublish`, `schedule`, `publish-due`, `delete`, `restore`: what becomes of posts."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from .. import schemas, services
from ..dates import format_instant
from ..enums import PostStatus
from ..runner import run
from .columns import POSTS
from .inputs import confirm
from .invocation import Flag, Invocation, command
from .options import DryRun, Printing, Yes
from .reports import report
from .selections import Targets
from .writing import parse_option

if TYPE_CHECKING:
    from ..schemas import PostSelection

app = typer.Typer()


@command(app, "publish")
def publish(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Publish posts, now or as of the earlier date they carry.

    Example: blogcli post publish --tag ready --author ann@example.org --dry-run
    """
    _change(invocation, targets, printing, services.publishing.publish_posts, verb="publish")


@command(app, "unpublish")
def unpublish(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Make posts drafts again.

    Example: blogcli post unpublish hello-world
    """
    _change(invocation, targets, printing, services.publishing.unpublish_posts, verb="unpublish")


@command(app, "schedule")
def schedule(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    at: Annotated[str, Option("--at", help="When to publish.", metavar="WHEN")],
) -> None:
    """Schedule posts for publication; `post publish-due` publishes them when their time comes.

    Example: blogcli post schedule hello-world --at 'tomorrow 09:00'
    """
    when = parse_option(at, invocation.settings)
    _change(
        invocation,
        targets,
        printing,
        services.publishing.schedule_posts,
        verb="schedule",
        detail=f" for {format_instant(when, invocation.settings.zone)}",
        at=when,
        zone=invocation.settings.zone,
    )


@command(app, "publish-due")
def publish_due(
    invocation: Invocation,
    printing: Printing,
    now: Annotated[str | None, Option("--now", help="Take this for the present time.", metavar="WHEN")] = None,
    dry_run: DryRun = False,
) -> None:
    """Publish scheduled posts whose time has come; made for cron.

    Example: blogcli --quiet post publish-due
    """
    choice, settings = printing.choice(invocation), invocation.settings
    moment = None if now is None else parse_option(now, settings)
    terms = schemas.Terms(dry_run=dry_run)
    changes = run(settings, services.publishing.publish_due, now=moment, terms=terms)
    report(invocation, changes, POSTS, choice, verb="publish", noun="post", name="slug", dry_run=dry_run)


@command(app, "delete")
def delete(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    purge: Annotated[bool, Flag("--purge", help="Destroy them for good, wherever they lie.")] = False,
    yes: Yes = False,
) -> None:
    """Move posts to the trash; with --purge, destroy them.

    Example: blogcli post delete hello-world
    """
    if not purge:
        _change(invocation, targets, printing, services.trash.trash_posts, verb="trash")
        return
    selection = targets.chosen(invocation.settings)
    if not targets.dry_run:
        confirm(invocation, f"Destroy {_described(selection)} for good", yes=yes)
    _change(invocation, targets, printing, services.trash.purge_posts, verb="purge", selection=selection)


@command(app, "restore")
def restore(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Take posts out of the trash, with the status they had.

    Example: blogcli post restore hello-world
    """
    selection = targets.chosen(invocation.settings, statuses=[PostStatus.TRASHED])
    _change(invocation, targets, printing, services.trash.restore_posts, verb="restore", selection=selection)


def _change(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    service: Callable[..., Any],
    *,
    verb: str,
    selection: "PostSelection | None" = None,
    detail: str = "",
    **more: object,
) -> None:
    choice, settings = printing.choice(invocation), invocation.settings
    chosen = selection or targets.chosen(settings)
    changes = run(settings, service, chosen, terms=targets.terms(), **more)
    report(
        invocation,
        changes,
        POSTS,
        choice,
        verb=verb,
        noun="post",
        name="slug",
        dry_run=targets.dry_run,
        detail=detail,
    )


def _described(selection: "PostSelection") -> str:
    if selection.references is None:
        return "every post that the filters choose"
    count = len(selection.references)
    return f"post {selection.references[0]}" if count == 1 else f"{count:,} posts"
