"""The commands `blogcli post publish`, `unpublish`, `expire` and `publish-due`."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ... import schemas, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.messages import amount
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import POST, ChangeReport
from ...dates import format_instant
from ...errors import UsageError
from ...runner import run
from .bulk_change import change_posts
from .filter_options import PostTargetOptions
from .post_options import parse_time_option

if TYPE_CHECKING:
    from ...schemas import Changes, PostSummary

app = typer.Typer()


@command(app, "publish")
def publish(context: CliContext, targets: PostTargetOptions) -> ChangeReport:
    """Publish posts now. A post whose date is in the past keeps its date.

    Examples:
        blogcli post publish --tag ready --author ann@example.org --dry-run
        blogcli post publish hello-world 7
        blogcli post list --status draft --tag ready --format ids | blogcli post publish --from -
    """
    return change_posts(context, targets, services.posts.publish.publish_posts, verb="publish")


@command(app, "unpublish")
def unpublish(context: CliContext, targets: PostTargetOptions) -> ChangeReport:
    """Turn published or scheduled posts back into drafts.

    Examples:
        blogcli post unpublish hello-world
        blogcli post unpublish --tag outdated --until 2015 --dry-run
        blogcli post unpublish 7 8 9
    """
    return change_posts(context, targets, services.posts.publish.unpublish_posts, verb="unpublish")


@command(app, "expire")
def expire(
    context: CliContext,
    targets: PostTargetOptions,
    at: Annotated[str | None, Option("--at", help="Time of expiry.", metavar="WHEN")] = None,
    never: Annotated[bool, Flag("--never", help="Remove the expiry time.")] = False,
) -> ChangeReport:
    """Set or remove the time at which `post publish-due` unpublishes posts.

    Examples:
        blogcli post expire summer-sale --at 2030-09-01
        blogcli post expire --tag event --at '+30d'
        blogcli post expire summer-sale --never
    """
    if (at is None) is not never:
        raise UsageError(
            "Give either --at or --never", hint="Use --at WHEN to set the expiry date, or --never to remove it."
        )
    zone = context.settings.zone
    when = None if at is None else parse_time_option(at, context.settings)
    detail = "" if when is None else f" at {format_instant(when, zone)}"
    service = services.posts.publish.expire_posts
    verb = "keep" if never else "expire"
    return change_posts(context, targets, service, verb=verb, detail=detail, at=when, zone=zone)


@command(app, "publish-due")
def publish_due(
    context: CliContext,
    now: Annotated[str | None, Option("--now", help="Use this as the current time.", metavar="WHEN")] = None,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Publish scheduled posts that are due, and unpublish expired posts.

    Run it regularly, for example from cron. If another run is in progress, the exit code is 75.

    Examples:
        blogcli --quiet post publish-due
        blogcli post publish-due --dry-run
        blogcli post publish-due --now '2030-01-01 09:00' --dry-run
    """
    instant = None if now is None else parse_time_option(now, context.settings)
    bulk_options = schemas.BulkOptions(dry_run=dry_run, max_records=context.max_records)
    changes = run(context.settings, services.posts.publish.publish_due, now=instant, options=bulk_options)
    verb, detail = _verb_and_detail(changes)
    return ChangeReport(changes=changes, record_type=POST, verb=verb, dry_run=dry_run, detail=detail)


def _verb_and_detail(changes: "Changes[PostSummary]") -> tuple[str, str]:
    """Return the verb and the detail for the message of `publish-due`.

    If some posts were published and other posts were unpublished, the detail contains both numbers.
    """
    expired = len(changes.ids) - len(changes.published)
    if not (expired and changes.published):
        return ("withdraw" if expired else "publish"), ""
    return "publish due", f": {amount(len(changes.published), 'post')} published, {amount(expired, 'post')} unpublished"
