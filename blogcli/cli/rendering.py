"""Print the results of commands in the selected format, with data on stdout and messages on stderr."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import typer

from .. import cli, output
from ..errors import ExitCode
from ..output.records import Columns, show_page, show_record, show_records
from .context import DEFAULT_LIMIT, CliContext
from .messages import amount, change_sentence
from .results import (
    ActionReport,
    ChangeReport,
    PagedLines,
    RawText,
    Record,
    RecordDetails,
    RecordList,
    RecordPage,
    RecordStream,
    Result,
)


def render(context: CliContext, result: Result) -> None:
    """Print the result of a command.

    Raises typer.Exit if the result has an exit code other than 0.
    """
    match result:
        case None:
            pass
        case ChangeReport():
            _render_changes(context, result)
        case ActionReport():
            _render_action(context, result)
        case RecordPage():
            _render_page(context, result)
        case RecordStream():
            _render_stream(context, result)
        case RecordList():
            _render_list(context, result)
        case RecordDetails():
            _render_details(context, result)
        case RawText(chunks):
            context.console.write(chunks)
        case PagedLines(lines):
            output.pager.print_lines(context.console, lines, pager=context.output.pager)


def _render_changes(context: CliContext, report: ChangeReport) -> None:
    """Print a message about the changes, run the hooks, and print the records or their ids."""
    console = context.console
    changes = report.changes
    record_type = report.record_type
    for reference in changes.missing:
        console.warn(f"Warning: no such {record_type.noun}: {reference}")
    if report.dry_run and report.prints_records:
        _render_preview(context, report)
    for note in changes.notes:
        console.say(note)
    console.say(change_sentence(report))
    if changes.ids and report.is_one_operation and not report.dry_run:
        context.suggest_undo()
    if context.settings.hooks and not report.dry_run:
        cli.hooks.run_hooks(context, noun=record_type.noun, changed=changes.ids, published=changes.published)
    if not report.prints_records:
        return
    if context.output.is_explicit:
        records = [*changes.changed, *changes.existing]
        print_ = _print_details if report.is_single else _print_records
        print_(context, records, record_type.columns)
    else:
        _print_keys(context, [*changes.ids, *(record.id for record in changes.existing)])


def _render_preview(context: CliContext, report: ChangeReport) -> None:
    """If stdout is a terminal and no output option is given, print the first records of a dry run."""
    records = report.preview
    count = len(records or [])
    if records is None and not report.is_single:
        records = report.changes.changed
        count = len(report.changes.ids)
    if context.output.is_explicit or not context.console.stdout_is_terminal or not records:
        return
    if report.show_preview:
        report.show_preview(context)
    else:
        _print_records(context, records[:DEFAULT_LIMIT], report.record_type.columns)
    if count > DEFAULT_LIMIT:
        total = amount(count, report.record_type.noun)
        context.console.say(f"{DEFAULT_LIMIT} of {total}; --format table lists them all.")


def _render_action(context: CliContext, report: ActionReport) -> None:
    """Print the message. Then print the records if an output option is given, and otherwise their keys."""
    context.console.say(report.message)
    if context.output.is_explicit:
        _print_records(context, report.records, report.columns)
    else:
        _print_keys(context, (getattr(record, report.key_field) for record in report.records))


def _render_page(context: CliContext, result: RecordPage) -> None:
    page = result.page
    columns = result.record_type.columns
    if result.page_info:
        dumped = map(_dump, page.items)
        show_page(context.console, dumped, columns, context.output, following=page.next, total=page.total)
        return
    if result.show_table and context.prints_default_table:
        result.show_table(context, [_dump(record) for record in page.items])
    else:
        _print_records(context, page.items, columns)
    is_table_on_terminal = context.console.stdout_is_terminal and context.prints_table
    if page.total is not None and (result.prints_total or is_table_on_terminal):
        context.console.say(_describe_extent(len(page.items), page.total, result.record_type.noun))


def _describe_extent(shown: int, total: int, noun: str) -> str:
    return amount(total, noun) if shown == total else f"{shown:,} of {total:,}; --limit 0 for all"


def _render_stream(context: CliContext, result: RecordStream) -> None:
    count = 0

    def records() -> Iterator[Record]:
        nonlocal count
        for batch in result.batches:
            count += len(batch)
            yield from batch

    if result.show_table and context.prints_default_table:
        result.show_table(context, map(_dump, records()))
    else:
        _print_records(context, records(), result.record_type.columns)
    if result.prints_total:
        context.console.say(amount(count, result.record_type.noun))
    if result.conclude:
        message, exit_code = result.conclude()
        context.console.say(message)
        _exit_unless_done(exit_code)


def _render_list(context: CliContext, result: RecordList) -> None:
    if result.show_table and context.prints_default_table:
        result.show_table(context, [_dump(record) for record in result.records])
    else:
        _print_records(context, result.records, result.columns)
    if result.message:
        context.console.say(result.message)
    _exit_unless_done(result.exit_code)


def _exit_unless_done(exit_code: ExitCode) -> None:
    if exit_code is not ExitCode.DONE:
        raise typer.Exit(exit_code)


def _render_details(context: CliContext, result: RecordDetails) -> None:
    _print_details(context, result.records, result.columns)
    if result.related:
        context.console.write(["\n"])
        # The related records are printed without a pager, because a pager would hide the details above the list.
        context.output = replace(context.output, pager=None)
        _render_list(context, result.related)


def _print_keys(context: CliContext, keys: Iterable[object]) -> None:
    """Print the keys of records, one per line, unless stdout is a terminal."""
    if not context.console.stdout_is_terminal:
        context.console.write(f"{key}\n" for key in keys)


def _print_records(context: CliContext, records: Iterable[Record], columns: Columns) -> None:
    show_records(context.console, map(_dump, records), columns, context.output, zone=context.settings.zone)


def _print_details(context: CliContext, records: Sequence[Record], columns: Columns) -> None:
    if len(records) == 1:
        show_record(context.console, _dump(records[0]), columns, context.output, zone=context.settings.zone)
    else:
        _print_records(context, records, columns)


def _dump(record: Record) -> Mapping[str, Any]:
    return record if isinstance(record, Mapping) else output.values.to_json_record(record)
