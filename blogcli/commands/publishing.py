"""`blogcli post publish`, `unpublish`, `schedule`, `expire`, `publish-due`, `delete` and `restore`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Option

from .. import schemas, services
from ..dates import format_instant
from ..enums import PostStatus
from ..errors import NotConfirmedError, UsageError
from ..runner import run
from .columns import POSTS
from .confirmation import Service, change_posts, question
from .inputs import confirm
from .invocation import Flag, Invocation, command
from .options import DryRun, Printing
from .reports import amount, report
from .selections import Targets
from .writing import parse_option

if TYPE_CHECKING:
    from ..schemas import Changes, PostSelection, PostSummary

app = typer.Typer()


@command(app, "publish")
def publish(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Publish posts now, or with their earlier date.

    Examples:
        blogcli post publish --tag ready --author ann@example.org --dry-run
        blogcli post publish hello-world 7
        blogcli post list --status draft --tag ready --format ids | blogcli post publish --from -
    """
    _change(invocation, targets, printing, services.publishing.publish_posts, verb="publish")


@command(app, "unpublish")
def unpublish(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Turn published or scheduled posts back into drafts.

    Examples:
        blogcli post unpublish hello-world
        blogcli post unpublish --tag outdated --until 2015 --dry-run
        blogcli post unpublish 7 8 9
    """
    _change(invocation, targets, printing, services.publishing.unpublish_posts, verb="unpublish")


@command(app, "schedule")
def schedule(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    at: Annotated[str, Option("--at", help="When to publish.", metavar="WHEN")],
) -> None:
    """Schedule posts; `post publish-due` publishes them at that time.

    Examples:
        blogcli post schedule hello-world --at 'tomorrow 09:00'
        blogcli post schedule 7 --at 2030-01-01T09:00
        blogcli post schedule --status draft --tag ready --at 'next monday 08:00'
    """
    when, zone = parse_option(at, invocation.settings), invocation.settings.zone
    _change(
        invocation,
        targets,
        printing,
        services.publishing.schedule_posts,
        verb="schedule",
        detail=f" for {format_instant(when, zone)}",
        may_lose=True,
        at=when,
        zone=zone,
    )


@command(app, "expire")
def expire(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    at: Annotated[str | None, Option("--at", help="When to unpublish.", metavar="WHEN")] = None,
    never: Annotated[bool, Flag("--never", help="Remove the expiry date.")] = False,
) -> None:
    """Set the time at which `post publish-due` unpublishes posts.

    Examples:
        blogcli post expire summer-sale --at 2030-09-01
        blogcli post expire --tag event --at '+30d'
        blogcli post expire summer-sale --never
    """
    if (at is None) is not never:
        raise UsageError("Give either --at or --never", hint="--at WHEN sets the expiry date, --never removes it.")
    when, zone = None if at is None else parse_option(at, invocation.settings), invocation.settings.zone
    detail = "" if when is None else f" at {format_instant(when, zone)}"
    service = services.publishing.expire_posts
    verb = "keep" if never else "expire"
    _change(invocation, targets, printing, service, verb=verb, detail=detail, at=when, zone=zone)


@command(app, "publish-due")
def publish_due(
    invocation: Invocation,
    printing: Printing,
    now: Annotated[str | None, Option("--now", help="Use this as the current time.", metavar="WHEN")] = None,
    dry_run: DryRun = False,
) -> None:
    """Publish scheduled posts that are due, and unpublish expired posts; meant to be run by cron.

    Examples:
        blogcli --quiet post publish-due
        blogcli post publish-due --dry-run
        blogcli post publish-due --now '2030-01-01 09:00' --dry-run
    """
    choice, settings = printing.choice(invocation), invocation.settings
    moment = None if now is None else parse_option(now, settings)
    changes = run(settings, services.publishing.publish_due, now=moment, terms=schemas.Terms(dry_run=dry_run))
    verb, detail = _due(changes)
    report(invocation, changes, POSTS, choice, verb=verb, noun="post", name="slug", dry_run=dry_run, detail=detail)


@command(app, "delete")
def delete(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    purge: Annotated[bool, Flag("--purge", help="Delete them permanently, in the trash or not.")] = False,
) -> None:
    """Move posts to the trash; with --purge, delete them permanently.

    Examples:
        blogcli post delete hello-world
        blogcli post delete --tag spam --dry-run
        blogcli post delete --status trashed --purge
    """
    if purge:
        _purge(invocation, targets, printing)
    else:
        _change(invocation, targets, printing, services.trash.trash_posts, verb="trash")


@command(app, "restore")
def restore(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Restore posts from the trash with their previous status.

    Examples:
        blogcli post restore hello-world
        blogcli post restore --all
        blogcli post restore --since 'last week' --dry-run
    """
    selection = targets.chosen(invocation.settings, default_statuses=[PostStatus.TRASHED])
    _change(invocation, targets, printing, services.trash.restore_posts, verb="restore", selection=selection)


def _change(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    service: Service,
    *,
    verb: str,
    selection: "PostSelection | None" = None,
    detail: str = "",
    may_lose: bool = False,
    **options: Any,  # noqa: ANN401 - what the service takes besides
) -> None:
    choice, settings = printing.choice(invocation), invocation.settings
    changes = change_posts(
        invocation,
        service,
        selection or targets.chosen(settings),
        targets.terms(settings),
        verb=verb,
        yes=targets.yes,
        may_lose=may_lose,
        **options,
    )
    dry_run = targets.dry_run
    report(invocation, changes, POSTS, choice, verb=verb, noun="post", name="slug", dry_run=dry_run, detail=detail)


def _purge(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    choice, settings, service = printing.choice(invocation), invocation.settings, services.trash.purge_posts
    selection = targets.chosen(settings)
    terms = targets.terms(settings)
    if not (targets.yes or targets.dry_run):
        if not invocation.console.is_interactive:
            raise NotConfirmedError("Posts are deleted permanently only with a confirmation", hint="Add --yes.")
        preview = run(settings, service, selection, terms=terms.model_copy(update={"dry_run": True}))
        if preview.changed:
            confirm(invocation, question(preview, verb="purge"), yes=False)
        terms = terms.model_copy(update={"confirmed": frozenset(post.id for post in preview.changed)})
    changes = run(settings, service, selection, terms=terms)
    report(invocation, changes, POSTS, choice, verb="purge", noun="post", name="slug", dry_run=targets.dry_run)


def _due(changes: "Changes[PostSummary]") -> tuple[str, str]:
    """Return the verb for what publish-due did, and what it did besides."""
    expired = len(changes.changed) - len(changes.published)
    if not (expired and changes.published):
        return ("withdraw" if expired else "publish"), ""
    return "publish due", f": {amount(len(changes.published), 'post')} published, {amount(expired, 'post')} unpublished"
