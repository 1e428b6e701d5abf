"""`blogcli stats`: the blog in figures."""

from typing import Annotated

import typer
from typer import Option

from .. import output, services
from ..enums import OutputFormat, PostGroup
from ..output.records import Columns, show_records
from ..runner import run
from .columns import OVERVIEWS
from .invocation import Invocation, command
from .options import Printing
from .reports import print_details
from .selections import Filters

app = typer.Typer()


@command(app, "overview")
def overview(invocation: Invocation, filters: Filters, printing: Printing) -> None:
    """Show the blog in one record: users, posts by status, tags, lengths, and this month against the last.

    Example: blogcli stats overview --author ann@example.org
    """
    choice, settings = printing.choice(invocation), invocation.settings
    figures = run(settings, services.stats.overview, filters.selection(settings), zone=settings.zone)
    print_details(invocation, [figures], OVERVIEWS, choice)


@command(app, "posts")
def posts(
    invocation: Invocation,
    filters: Filters,
    printing: Printing,
    by: Annotated[PostGroup, Option("--by", help="author, tag, status, day, week, month or year.", metavar="GROUP")],
) -> None:
    """Count posts and words by author, tag, status, day, week, month or year.

    Example: blogcli stats posts --by month --since 2024-01-01
    """
    choice, settings = printing.choice(invocation), invocation.settings
    selection = filters.selection(settings)
    counts = run(settings, services.stats.count_posts_by, by, selection, zone=settings.zone)
    columns = Columns((by.value, "posts", "words"), (by.value, "posts", "words"))
    records = [{by.value: count.group, "posts": count.posts, "words": count.words} for count in counts]
    if choice.format_for(invocation.console) is OutputFormat.TABLE and not choice.fields and not choice.field:
        output.tables.show_bars(invocation.console, records, columns.table, pager=choice.pager)
    else:
        show_records(invocation.console, records, columns, choice, zone=settings.zone)
