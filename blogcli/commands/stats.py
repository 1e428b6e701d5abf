"""Commands of `blogcli stats`: totals, and counts of posts and words by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

import typer
from typer import Option

from .. import output, services
from ..cli import completers
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.fields import OVERVIEWS
from ..cli.filter_values import parse_sort
from ..cli.option_group import OptionGroup
from ..cli.options import OptionalLimit
from ..cli.results import RecordDetails, RecordList
from ..enums import CountSort, PostGroup
from ..errors import UsageError
from ..output.records import Columns
from ..runner import run
from .posts.filter_options import Filters

app = typer.Typer()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CountOptions(OptionGroup):
    """The options that select, sort and limit the counts."""

    year: Annotated[
        int | None,
        Option("--year", min=1, max=9999, help="Posts of this year only.", metavar="YEAR", show_default=False),
    ] = None
    sort: Annotated[
        str | None,
        Option(
            "--sort",
            help="Sort by group, posts or words, in descending order with -FIELD. "
            "(default: periods by time, other groups by most posts)",
            **completers.sorted_by(CountSort),
        ),
    ] = None
    limit: OptionalLimit = None

    def order(self, group: PostGroup) -> tuple[CountSort | None, bool]:
        """Return the field to sort by, or None for the default order, and whether the order is reversed.

        Raises UsageError for an unknown field.
        """
        if self.sort is None:
            return None, False
        # The first column of the output has the name of the group, so `--by author --sort author` sorts by the group.
        if self.sort.removeprefix("-") == group:
            return CountSort.GROUP, self.sort.startswith("-")
        return parse_sort(self.sort, CountSort)

    def restrict(self, filters: Filters) -> Filters:
        """Return `filters` unchanged or, if --year is given, with the additional restriction to that year.

        Raises UsageError if --since or --until is given in addition to --year.
        """
        if self.year is None:
            return filters
        if filters.since is not None or filters.until is not None:
            raise UsageError("--year cannot be combined with --since or --until")
        return replace(filters, since=f"{self.year:04}-01-01", until=f"{self.year:04}-12-31")


@command(app, "overview")
def overview(context: CliContext, filters: Filters) -> RecordDetails:
    """Count users, tags, words, posts by status, and the posts of this month and of last month.

    With any filter, the numbers of users and tags are omitted. With --since or --until, the posts of the two months are
    omitted as well. Omitted numbers are null in JSON.

    Examples:
        blogcli stats overview --author ann@example.org
        blogcli stats overview --format json
        blogcli stats overview --since 'this year' --field words_total
    """
    settings = context.settings
    figures = run(settings, services.stats.overview, filters.selection(settings), zone=settings.zone)
    columns = OVERVIEWS
    if context.prints_default_table:
        names = tuple(name for name in columns.fields if getattr(figures, name) is not None)
        columns = Columns(lambda: names)
    return RecordDetails(records=[figures], columns=columns)


@command(app, "posts")
def posts(
    context: CliContext,
    filters: Filters,
    options: CountOptions,
    by: Annotated[PostGroup, Option("--by", help="author, tag, status, day, week, month or year.", metavar="GROUP")],
) -> RecordList:
    """Count posts and words by author, tag, status, day, week, month or year.

    Months and years without posts are included if the result has at most 1,000 rows.

    Examples:
        blogcli stats posts --by month --year 2024
        blogcli stats posts --by author --tag python
        blogcli stats posts --by tag --format csv
    """
    settings = context.settings
    selection = options.restrict(filters).selection(settings)
    sort, descending = options.order(by)
    service = partial(services.stats.count_posts_by, zone=settings.zone, sort=sort, descending=descending)
    counts = run(settings, service, by, selection)
    limited_counts = counts[: options.limit or None]
    fields = (by.value, "posts", "words")
    records = [{by.value: count.group, "posts": count.posts, "words": count.words} for count in limited_counts]
    show_table = partial(_show_bars, fields=fields, total=len(counts))
    return RecordList(records=records, columns=Columns(lambda: fields), show_table=show_table)


def _show_bars(
    context: CliContext, records: Sequence[Mapping[str, Any]], *, fields: tuple[str, ...], total: int
) -> None:
    output.tables.show_bars(context.console, records, fields, pager=context.output.pager)
    if len(records) < total and context.console.stdout_is_terminal:
        context.console.say(f"{len(records):,} of {total:,}; --limit 0 for all")
