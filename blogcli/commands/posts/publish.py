"""`blogcli post publish`, `unpublish`, `schedule`, `expire` and `publish-due`."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ... import schemas, services
from ...cli.context import Flag, Invocation, command
from ...cli.fields import POSTS
from ...cli.options import DryRun, Printing
from ...cli.rendering import amount, report
from ...dates import format_instant
from ...errors import UsageError
from ...runner import run
from .bulk_change import change_and_report
from .filter_options import Targets
from .post_options import parse_option

if TYPE_CHECKING:
    from ...schemas import Changes, PostSummary

app = typer.Typer()


@command(app, "publish")
def publish(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Publish posts now, or with their earlier date.

    Examples:
        blogcli post publish --tag ready --author ann@example.org --dry-run
        blogcli post publish hello-world 7
        blogcli post list --status draft --tag ready --format ids | blogcli post publish --from -
    """
    change_and_report(invocation, targets, printing, services.posts.publish.publish_posts, verb="publish")


@command(app, "unpublish")
def unpublish(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Turn published or scheduled posts back into drafts.

    Examples:
        blogcli post unpublish hello-world
        blogcli post unpublish --tag outdated --until 2015 --dry-run
        blogcli post unpublish 7 8 9
    """
    change_and_report(invocation, targets, printing, services.posts.publish.unpublish_posts, verb="unpublish")


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
    change_and_report(
        invocation,
        targets,
        printing,
        services.posts.publish.schedule_posts,
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
    service = services.posts.publish.expire_posts
    verb = "keep" if never else "expire"
    change_and_report(invocation, targets, printing, service, verb=verb, detail=detail, at=when, zone=zone)


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
    changes = run(settings, services.posts.publish.publish_due, now=moment, terms=schemas.Terms(dry_run=dry_run))
    verb, detail = _due(changes)
    report(invocation, changes, POSTS, choice, verb=verb, noun="post", name="slug", dry_run=dry_run, detail=detail)


def _due(changes: "Changes[PostSummary]") -> tuple[str, str]:
    """Return the verb for what publish-due did, and what it did besides."""
    expired = len(changes.changed) - len(changes.published)
    if not (expired and changes.published):
        return ("withdraw" if expired else "publish"), ""
    return "publish due", f": {amount(len(changes.published), 'post')} published, {amount(expired, 'post')} unpublished"
