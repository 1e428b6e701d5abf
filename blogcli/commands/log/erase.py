"""`blogcli log prune` and `blogcli log forget`."""

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ... import schemas, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import ERASED_VALUES, JOURNAL_PARTS
from ...cli.messages import amount
from ...cli.options import DryRun, Yes
from ...cli.prompts import confirm, must_ask
from ...cli.results import ActionReport
from ...errors import UsageError
from ...runner import run

if TYPE_CHECKING:
    from ...schemas import ErasedValues, JournalPart, Retention

app = typer.Typer()

_RETENTION = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[hdw]?)", re.ASCII)
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@command(app, "prune")
def prune(
    context: CliContext,
    keep: Annotated[
        str, Option("--keep", metavar="AGE|N", help="Keep operations of this age (90d, 12w, 36h), or the newest N.")
    ],
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ActionReport:
    """Delete old operations from the journal, which can then no longer be undone.

    Examples:
        blogcli log prune --keep 90d
        blogcli log prune --keep 1000 --dry-run
        blogcli log prune --keep 12w --yes
    """
    retention = _parse_retention(keep)
    if not dry_run and must_ask(context, yes=yes):
        part = run(context.settings, services.journal.erasure.plan_prune, retention)
        if part.operations:
            confirm(context, f"Delete {_describe_part(part)} from the journal permanently", yes=False)
    part = run(context.settings, services.journal.erasure.prune, retention, dry_run=dry_run)
    verb = "Would delete" if dry_run else "Deleted"
    message = f"{verb} {_describe_part(part)} from the journal." if part.operations else "Nothing to do."
    return ActionReport(message=message, records=[part], columns=JOURNAL_PARTS, key_field="operations")


@command(app, "forget")
def forget(
    context: CliContext,
    post: Annotated[
        str | None, Option("--post", help="Post (id, slug or UUID), also a deleted one.", **completers.POST)
    ] = None,
    user: Annotated[
        str | None, Option("--user", help="User (id or e-mail address), also a deleted one.", **completers.USER)
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ActionReport:
    """Erase all former values of a post or a user from the journal.

    The post or the user itself is not changed. The operations that have changed it can no longer be undone as a whole,
    and the log no longer shows the arguments of their commands.

    Examples:
        blogcli log forget --post hello-world
        blogcli log forget --user ann@example.org --yes
        blogcli log forget --post id:5 --dry-run
    """
    noun, reference = _parse_record(post, user)
    erasure = services.journal.erasure
    if not dry_run and must_ask(context, yes=yes):
        planned = run(context.settings, erasure.plan_forget, noun, reference)
        confirm(context, f"Erase {_describe_values(planned)} permanently", yes=False)
    erased = run(context.settings, erasure.forget, noun, reference, dry_run=dry_run)
    message = f"{'Would erase' if dry_run else 'Erased'} {_describe_values(erased)}."
    return ActionReport(message=message, records=[erased], columns=ERASED_VALUES, key_field="changes")


def _parse_retention(text: str) -> "Retention":
    """Return the retention in a value of --keep.

    Raises UsageError if the value is neither an age nor a number.
    """
    match = _RETENTION.fullmatch(text.strip())
    if match is None:
        raise UsageError(
            f"Invalid value of --keep: {text!r}", hint="Use an age such as 90d, 12w or 36h, or a number such as 1000."
        )
    number = int(match["number"])
    if not match["unit"]:
        return schemas.Retention(newest=number)
    try:
        return schemas.Retention(since=datetime.now(UTC) - timedelta(**{_UNITS[match["unit"]]: number}))
    except OverflowError:
        raise UsageError(f"Invalid value of --keep: {text!r}", hint="Use a smaller number.") from None


def _parse_record(post: str | None, user: str | None) -> tuple[str, str]:
    records = [(noun, value) for noun, value in (("post", post), ("user", user)) if value is not None]
    if len(records) != 1:
        raise UsageError("Either --post or --user is needed", hint="Name the post or the user whose values to erase.")
    return records[0]


def _describe_part(part: "JournalPart") -> str:
    return f"{amount(part.operations, 'operation')} with {amount(part.changes, 'change')} ({_format_size(part.size)})"


def _describe_values(erased: "ErasedValues") -> str:
    values = f"the former values in {amount(erased.changes, 'change')} of {erased.noun} {erased.id}"
    return f"{values} by {amount(erased.operations, 'operation')} ({_format_size(erased.size)})"


def _format_size(size: int) -> str:
    return f"about {size / 1_000_000:,.1f} MB" if size >= 100_000 else f"about {size / 1_000:,.1f} kB"
