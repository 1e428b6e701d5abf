"""`blogcli post schedule`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ... import services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.results import ChangeReport
from ...dates import format_instant
from ...dates.slots import SlotRule, parse_interval, parse_slots
from ...errors import InvalidError, UsageError
from ...settings import Settings
from .bulk_change import change_posts
from .filter_options import PostTargetOptions
from .post_options import parse_time_option

if TYPE_CHECKING:
    from ...schemas import Changes, PostSummary

app = typer.Typer()


@command(app, "schedule")
def schedule(
    context: CliContext,
    targets: PostTargetOptions,
    at: Annotated[str | None, Option("--at", help="Time of publication.", metavar="WHEN")] = None,
    every: Annotated[
        str | None,
        Option(
            "--every", help="With --at: schedule each post this much later than the previous one.", metavar="INTERVAL"
        ),
    ] = None,
    slots: Annotated[
        str | None,
        Option(
            "--slots", help="Schedule each post for the next free time: 'MO,WE,FR 09:00' or an RRULE.", metavar="RULE"
        ),
    ] = None,
) -> ChangeReport:
    """Schedule posts for a time, or each post for the next free time of a rule.

    With --every and --slots, the posts get the times in the order in which they are given, and times that other
    scheduled posts have are skipped. The first run of `post publish-due` after its time publishes a post.

    Examples:
        blogcli post schedule hello-world --at 'tomorrow 09:00'
        blogcli post schedule 7 8 9 --slots 'MO,WE,FR 09:00' --dry-run
        blogcli post schedule --tag ready --sort id --at 'next monday 08:00' --every 1w
    """
    if (at is None) is (slots is None) or (every and at is None):
        raise UsageError(
            "Give either --at or --slots, and --every only with --at",
            hint="Use --at WHEN for one time, --at WHEN --every 1w, or --slots 'MO,WE,FR 09:00'.",
        )
    if at is not None and every is None:
        return _schedule_at(context, targets, at)
    return _schedule_in_slots(context, targets, _parse_rule(at, every, slots, context.settings))


def _schedule_at(context: CliContext, targets: PostTargetOptions, at: str) -> ChangeReport:
    zone = context.settings.zone
    when = parse_time_option(at, context.settings)
    return change_posts(
        context,
        targets,
        services.posts.publish.schedule_posts,
        verb="schedule",
        detail=f" for {format_instant(when, zone)}",
        confirm_losses=True,
        at=when,
        zone=zone,
    )


def _parse_rule(at: str | None, every: str | None, slots: str | None, settings: Settings) -> SlotRule:
    try:
        if at is None or every is None:
            return parse_slots(slots or "", settings.zone)
        start = parse_time_option(at, settings)
        return parse_interval(every, start=start, zone=settings.zone)
    except InvalidError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _schedule_in_slots(context: CliContext, targets: PostTargetOptions, rule: SlotRule) -> ChangeReport:
    service = services.posts.slots.schedule_in_slots
    report = change_posts(context, targets, service, verb="schedule", confirm_losses=True, rule=rule)
    changes: Changes[PostSummary] = report.changes
    times = [format_instant(post.published_at, context.settings.zone) for post in changes.changed if post.published_at]
    if len(changes.ids) == 1:
        return report._replace(detail=f" for {times[0]}")
    # A dry run on a terminal lists the posts with their times.
    if not (report.dry_run and context.console.stdout_is_terminal) and not context.output.is_explicit:
        lines = [f"{post.id} ({post.slug}): {time}" for post, time in zip(changes.changed, times, strict=True)]
        omitted_count = len(changes.ids) - len(lines)
        more = [f"... and {omitted_count:,} more"] if omitted_count else []
        report = report._replace(changes=replace(changes, notes=[*changes.notes, *lines, *more]))
    return report
