"""The command `blogcli post list`."""

from typing import TYPE_CHECKING

import typer

from ... import services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.options import PageOptions
from ...cli.results import POST, RawText, RecordPage, RecordStream
from ...enums import OutputFormat
from ...errors import UsageError
from ...runner import run, stream
from .filter_options import Filters, ListOrder

if TYPE_CHECKING:
    from ...schemas import PostSelection

app = typer.Typer()


@command(app, "list")
def list_(
    context: CliContext, filters: Filters, order: ListOrder, paging: PageOptions
) -> RecordPage | RecordStream | RawText:
    """List posts, newest first.

    Examples:
        blogcli post list --tag python --status published --limit 10
        blogcli post list --status draft --sort -updated_at
        blogcli post list --since 'last month' --format csv --fields id,title,words
    """
    paging.check_format(context.output)
    if paging.after and order.offset:
        raise UsageError("--after and --offset cannot be combined")
    values = order.selection_values(default_limit=context.default_limit)
    selection = filters.selection(context.settings, **values, after=paging.after)
    if context.output.format is OutputFormat.COUNT:
        return RawText([f"{run(context.settings, services.posts.query.count_posts, selection)}\n"])
    return _list_posts(context, selection, page_info=paging.page_info)


def _list_posts(context: CliContext, selection: "PostSelection", *, page_info: bool) -> RecordPage | RecordStream:
    queries = services.posts.query
    on_fault = context.warn_of_invalid_row
    is_on_terminal = context.console.stdout_is_terminal
    if not (selection.limit or page_info):
        # A list without a limit can be long, so each batch of posts is printed before the next batch is read.
        batches = stream(context.settings, queries.stream_posts, selection, on_fault=on_fault)
        prints_total = is_on_terminal and context.prints_table
        return RecordStream(batches=batches, record_type=POST, prints_total=prints_total)
    with_total = page_info or is_on_terminal
    page = run(context.settings, queries.list_posts, selection, with_total=with_total, on_fault=on_fault)
    return RecordPage(page=page, record_type=POST, page_info=page_info)
