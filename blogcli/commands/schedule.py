"""`blogcli schedule next`."""

from typing import Annotated

import typer

from .. import services
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.options import row_count_option
from ..cli.results import EVENT, RawText, RecordPage, RecordStream
from ..enums import OutputFormat
from ..runner import run, stream

app = typer.Typer()
_DEFAULT_LIMIT = 10


@command(app, "next")
def next_(
    context: CliContext,
    limit: Annotated[int, row_count_option("--limit", "At most N; 0 means all. (default: 10)")] = _DEFAULT_LIMIT,
) -> RecordPage | RecordStream | RawText:
    """Show what `post publish-due` will publish or unpublish next, and when.

    Examples:
        blogcli schedule next
        blogcli schedule next --limit 1 --field due_at
        blogcli schedule next --limit 0 --format json
    """
    on_fault = context.warn_of_invalid_row
    is_on_terminal = context.console.stdout_is_terminal
    if context.output.format is OutputFormat.COUNT:
        return RawText([f"{run(context.settings, services.schedule.count_events)}\n"])
    if not limit:
        events = stream(context.settings, services.schedule.stream_events, on_fault=on_fault)
        return RecordStream(batches=events, record_type=EVENT, prints_total=is_on_terminal and context.prints_table)
    list_ = services.schedule.list_events
    page = run(context.settings, list_, limit=limit, with_total=is_on_terminal, on_fault=on_fault)
    return RecordPage(page=page, record_type=EVENT)
