"""`blogcli stats`: the blog in figures."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from .. import output, services
from ..cli import completers
from ..cli.context import Invocation, Options, command
from ..cli.fields import OVERVIEWS
from ..cli.filter_values import sorting
from ..cli.options import OptionalLimit, Printing
from ..enums import CountSort, OutputFormat, PostGroup
from ..errors import UsageError
from ..output.records import Choice, Columns, show_record, show_records
from ..runner import run
from .posts.filter_options import Filters

if TYPE_CHECKING:
    from ..schemas.stats import PostCount

app = typer.Typer()


class Counting(Options):
    """Which counts are shown, and in what order."""

    year: Annotated[
        int | None,
        Option("--year", min=1, max=9999, help="Posts of this year only.", metavar="YEAR", show_default=False),
    ] = None
    sort: Annotated[
        str | None,
        Option(
            "--sort",
            help="Sort by group, posts or words; -FIELD reverses the order (default: time, or most posts first)",
            **completers.sorted_by(CountSort),
        ),
    ] = None
    limit: OptionalLimit = None

    def order(self, group: PostGroup) -> tuple[CountSort | None, bool]:
        """Return the field to sort by and whether to reverse it; raises UsageError for an unknown field."""
        if self.sort is None:
            return None, False
        # The column of the group has the name of the group.
        if self.sort.removeprefix("-") == group:
            return CountSort.GROUP, self.sort.startswith("-")
        return sorting(self.sort, CountSort)

    def narrow(self, filters: Filters) -> None:
        """Make the filters choose the posts of the year; raises UsageError if they name another time."""
        if self.year is None:
            return
        if filters.since is not None or filters.until is not None:
            raise UsageError("--year excludes --since and --until")
        filters.since, filters.until = f"{self.year:04}-01-01", f"{self.year:04}-12-31"


@command(app, "overview")
def overview(invocation: Invocation, filters: Filters, printing: Printing) -> None:
    """Show totals: users, posts by status, tags, words, and posts of this month and of the last.

    Figures to which the given filters do not apply are omitted (null in JSON): users and tags with any filter, and the
    two months with --since or --until.

    Examples:
        blogcli stats overview --author ann@example.org
        blogcli stats overview --format json
        blogcli stats overview --since 'this year' --field words_total
    """
    choice, settings = printing.choice(invocation), invocation.settings
    figures = run(settings, services.stats.overview, filters.selection(settings), zone=settings.zone)
    record = figures.model_dump(mode="json")
    columns = OVERVIEWS
    if choice.format_for(invocation.console) is OutputFormat.TABLE and not choice.fields and not choice.field:
        known = tuple(name for name in columns.fields if record[name] is not None)
        columns = Columns(fields=known, table=known)
    show_record(invocation.console, record, columns, choice, zone=settings.zone)


@command(app, "posts")
def posts(
    invocation: Invocation,
    filters: Filters,
    printing: Printing,
    counting: Counting,
    by: Annotated[PostGroup, Option("--by", help="author, tag, status, day, week, month or year.", metavar="GROUP")],
) -> None:
    """Count posts and words by author, tag, status, day, week, month or year.

    Months and years without posts are included, up to 1,000 rows.

    Examples:
        blogcli stats posts --by month --year 2024
        blogcli stats posts --by author --tag python
        blogcli stats posts --by tag --format csv
    """
    choice, settings = printing.choice(invocation), invocation.settings
    counting.narrow(filters)
    selection, (sort, descending) = filters.selection(settings), counting.order(by)
    service = partial(services.stats.count_posts_by, zone=settings.zone, sort=sort, descending=descending)
    counts = run(settings, service, by, selection)
    _print_counts(invocation, counts, choice, group=by.value, limit=counting.limit)


def _print_counts(
    invocation: Invocation, counts: "list[PostCount]", choice: Choice, *, group: str, limit: int | None
) -> None:
    console = invocation.console
    columns = Columns((group, "posts", "words"), (group, "posts", "words"))
    shown = counts[: limit or None]
    records = [{group: count.group, "posts": count.posts, "words": count.words} for count in shown]
    if choice.format_for(console) is OutputFormat.TABLE and not choice.fields and not choice.field:
        output.tables.show_bars(console, records, columns.table, pager=choice.pager)
        if len(shown) < len(counts) and console.stdout_is_terminal:
            console.say(f"{len(shown):,} of {len(counts):,}; --limit 0 for all")
    else:
        show_records(console, records, columns, choice, zone=invocation.settings.zone)
