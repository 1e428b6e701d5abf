"""`blogcli post list`."""

from typing import TYPE_CHECKING

import typer

from ... import services
from ...cli.context import Invocation, command
from ...cli.fields import POSTS
from ...cli.options import Paging, Printing
from ...cli.rendering import default_limit, is_streamed, print_page, print_stream, warn_of_faults
from ...enums import OutputFormat
from ...errors import UsageError
from ...output.records import Choice
from ...runner import run, stream
from .filter_options import Filters, ListOrder

if TYPE_CHECKING:
    from ...schemas import PostSelection

app = typer.Typer()


@command(app, "list")
def list_(invocation: Invocation, filters: Filters, order: ListOrder, printing: Printing, paging: Paging) -> None:
    """List posts, newest first.

    Examples:
        blogcli post list --tag python --status published --limit 10
        blogcli post list --status draft --sort -updated_at
        blogcli post list --since 'last month' --format csv --fields id,title,words
    """
    choice, settings = printing.choice(invocation), invocation.settings
    paging.check(choice)
    if paging.after and order.offset:
        raise UsageError("--after and --offset exclude each other")
    listing = order.listing(default_limit=default_limit(invocation, choice))
    selection = filters.selection(settings, **listing, after=paging.after)
    _print_list(invocation, selection, choice, page_info=paging.page_info)


def _print_list(invocation: Invocation, selection: "PostSelection", choice: Choice, *, page_info: bool) -> None:
    settings, console, on_fault = invocation.settings, invocation.console, warn_of_faults(invocation)
    if choice.format is OutputFormat.COUNT:
        console.write([f"{run(settings, services.posts.query.count_posts, selection)}\n"])
    elif is_streamed(invocation, choice, limit=selection.limit, page_info=page_info):
        batches = stream(settings, services.posts.query.stream_posts, selection, on_fault=on_fault)
        print_stream(invocation, batches, POSTS, choice, noun="post")
    else:
        with_total = page_info or console.stdout_is_terminal
        page = run(settings, services.posts.query.list_posts, selection, with_total=with_total, on_fault=on_fault)
        print_page(invocation, page, POSTS, choice, noun="post", page_info=page_info)
