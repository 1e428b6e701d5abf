"""`blogcli log list` and `blogcli log show`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ... import output, schemas, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import DEFAULT_LIMIT, CliContext
from ...cli.option_group import Flag, OptionGroup
from ...cli.options import SELECTION, Limit, Offset
from ...cli.results import CHANGE, OPERATION, PagedLines, RawText, RecordPage, RecordStream
from ...dates import parse_end, parse_instant, parse_start
from ...enums import OutputFormat
from ...errors import InvalidError, UsageError
from ...origins import user_name
from ...runner import run, stream

if TYPE_CHECKING:
    from ...schemas import Operation, OperationSelection

app = typer.Typer()

_OperationId = Annotated[int, Argument(metavar="OPERATION", min=1, help="Number of the operation in `blogcli log`.")]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class OperationFilterOptions(OptionGroup):
    """The filters that select operations. An operation is selected if it matches all given filters."""

    post: Annotated[
        str | None,
        Option(
            "--post",
            help="Only operations that changed this post (id, slug or UUID), also a deleted one.",
            rich_help_panel=SELECTION,
            **completers.POST,
        ),
    ] = None
    user: Annotated[
        str | None,
        Option(
            "--user",
            help="Only operations that changed this user (id or e-mail address), also a deleted one.",
            rich_help_panel=SELECTION,
            **completers.USER,
        ),
    ] = None
    tag: Annotated[
        str | None,
        Option(
            "--tag",
            help="Only operations that changed this tag or assigned it (name or id:4), also a deleted one.",
            rich_help_panel=SELECTION,
            **completers.TAG,
        ),
    ] = None
    since: Annotated[
        str | None,
        Option(
            "--since",
            help="Only operations at or after this time.",
            metavar="WHEN",
            rich_help_panel=SELECTION,
        ),
    ] = None
    until: Annotated[
        str | None,
        Option(
            "--until",
            help="Only operations at or before this time; a date includes the whole day.",
            metavar="WHEN",
            rich_help_panel=SELECTION,
        ),
    ] = None
    command: Annotated[
        str | None,
        Option(
            "--command",
            help="Only commands that begin with these words, such as 'post publish'.",
            metavar="WORDS",
            rich_help_panel=SELECTION,
        ),
    ] = None
    by: Annotated[
        str | None,
        Option("--by", help="Only operations of this user of the system.", metavar="NAME", rich_help_panel=SELECTION),
    ] = None
    mine: Annotated[bool, Flag("--mine", help="Only your own operations.", rich_help_panel=SELECTION)] = False
    outside: Annotated[bool, Flag("--outside", help="Only changes by other programs.", rich_help_panel=SELECTION)] = (
        False
    )

    def selection(self, context: CliContext, *, limit: int, offset: int) -> "OperationSelection":
        """Return a selection of operations by these filters.

        Raises UsageError for invalid values and for filters that exclude each other.
        """
        if self.mine and self.by is not None:
            raise UsageError("--mine and --by cannot be combined", hint="Leave out one of them.")
        zone = context.settings.zone
        now = datetime.now(UTC)
        try:
            since = None if self.since is None else parse_start(self.since, zone, now=now)
            until = None if self.until is None else parse_end(self.until, zone, now=now)
        except InvalidError as error:
            raise UsageError(error.message, hint=error.hint) from None
        return schemas.OperationSelection(
            post=self.post,
            user=self.user,
            tag=self.tag,
            since=since,
            until=until,
            command=None if self.command is None else " ".join(self.command.split()),
            actor=user_name() if self.mine else self.by,
            is_outside=self.outside,
            limit=limit,
            offset=offset,
        )


@command(app, "list")
def list_(
    context: CliContext, filters: OperationFilterOptions, limit: Limit = None, offset: Offset = 0
) -> RecordPage | RecordStream | RawText:
    """List operations, newest first.

    An operation consists of all changes that one command has made.

    Examples:
        blogcli log
        blogcli log --post hello-world
        blogcli log --mine --since yesterday --command 'post publish'
    """
    number = context.default_limit if limit is None else limit
    selection = filters.selection(context, limit=number, offset=offset)
    operations = services.journal.operations
    if context.output.format is OutputFormat.COUNT and not (number or offset):
        return RawText([f"{run(context.settings, operations.count_operations, selection)}\n"])
    if not number:
        batches = map(_dump_all, stream(context.settings, operations.stream_operations, selection))
        return RecordStream(batches=batches, record_type=OPERATION, show_table=_show_table)
    with_total = context.console.stdout_is_terminal
    page = run(context.settings, operations.list_operations, selection, with_total=with_total)
    return RecordPage(page=page, record_type=OPERATION, show_table=_show_table)


@command(app, "show")
def show(
    context: CliContext,
    operation: _OperationId,
    all_: Annotated[bool, Flag("--all", help="On a terminal, show all changed rows, not only the first 20.")] = False,
    started_at: Annotated[
        str | None, Option("--started-at", help="Fail unless the operation started at this time.", metavar="WHEN")
    ] = None,
) -> PagedLines | RecordStream:
    """Show what an operation changed.

    In all formats except tables, each record is one change, with the former and the new values. If the operation does
    not exist, the exit code is 5.

    Examples:
        blogcli log show 44
        blogcli log show 44 --all
        blogcli log show 44 --format jsonl
    """
    start = None if started_at is None else _parse_instant(context, started_at)
    if context.prints_default_table:
        return PagedLines(_describe_operation(context, operation, start, limit=None if all_ else DEFAULT_LIMIT))
    batches = stream(context.settings, services.journal.changes.stream_changes, operation, started_at=start)
    return RecordStream(batches=batches, record_type=CHANGE)


def _dump_all(operations: "Sequence[Operation]") -> list[Mapping[str, Any]]:
    return [output.values.to_json_record(operation) for operation in operations]


def _show_table(context: CliContext, records: Iterable[Mapping[str, Any]]) -> None:
    output.operations.show_operations(context.console, records, zone=context.settings.zone, pager=context.output.pager)


def _parse_instant(context: CliContext, text: str) -> datetime:
    try:
        return parse_instant(text, context.settings.zone, now=datetime.now(UTC))
    except InvalidError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _describe_operation(
    context: CliContext, id_: int, started_at: datetime | None, *, limit: int | None
) -> Iterator[str]:
    """Yield the lines that describe an operation and the rows that it has changed."""
    settings = context.settings
    operation = run(settings, services.journal.operations.show_operation, id_, started_at=started_at)
    yield from output.operations.operation_lines(
        context.console, output.values.to_json_record(operation), settings.zone
    )
    changes = services.journal.changes
    # One row more than the limit is read, to see whether there are more rows.
    rows = stream(settings, changes.stream_row_summaries, id_, limit=limit and limit + 1)
    for number, row in enumerate(rows):
        # The loop ends with the last row, so that the iterator closes the database.
        if number == limit:
            yield "  ... and more rows (`--all`)"
        else:
            yield f"  {output.operations.row_line(context.console, output.values.to_json_record(row), settings.zone)}"
