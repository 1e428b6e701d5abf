"""Count the posts, users and tags of the blog."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple

from ..database import SessionFactory
from ..dates import start_of_month
from ..enums import CountSort, PostGroup, PostStatus
from ..models.base import utc_now
from ..repositories.stats import Count, StatsRepository
from ..schemas.posts.selection import PostSelection
from ..schemas.stats import Overview, PostCount
from .posts.lookup import resolve_filters

# The maximum number of months or years in a list that includes months or years without posts. A longer list would not
# be readable.
MAX_FILLED_PERIODS = 1_000


class _Period(NamedTuple):
    """A kind of period, such as a month. Consecutive periods have consecutive numbers."""

    # A function that takes a day and returns the number of the period that contains the day.
    number_of: Callable[[date], int]
    # A function that takes the number of a period and returns the name of the period.
    name_of: Callable[[int], str]
    # Whether periods without posts are included. Days and weeks without posts are not included, because most blogs have
    # many of them.
    is_filled: bool = False
    # Whether the period is shorter than a month.
    splits_months: bool = True


def _format_week(number: int) -> str:
    year, week, _ = date.fromordinal(number * 7 + 1).isocalendar()
    return f"{year:04}-W{week:02}"


# The number of a week is the number of days before the week, divided by 7. This is an integer, because the first day of
# the calendar, 0001-01-01, is a Monday.
_PERIODS: dict[PostGroup, _Period] = {
    PostGroup.DAY: _Period(date.toordinal, lambda number: date.fromordinal(number).isoformat()),
    PostGroup.WEEK: _Period(lambda day: (day.toordinal() - 1) // 7, _format_week),
    PostGroup.MONTH: _Period(
        lambda day: day.year * 12 + day.month - 1,
        lambda number: f"{number // 12:04}-{number % 12 + 1:02}",
        is_filled=True,
        splits_months=False,
    ),
    PostGroup.YEAR: _Period(lambda day: day.year, lambda number: f"{number:04}", is_filled=True, splits_months=False),
}
_SORT_KEYS: dict[CountSort, Callable[[Count], str | int]] = {
    CountSort.GROUP: lambda count: count.value,
    CountSort.POSTS: lambda count: count.posts,
    CountSort.WORDS: lambda count: count.words,
}
# The name of the group of posts whose dates are invalid.
_UNREADABLE = "unreadable"


async def overview(
    sessions: SessionFactory, selection: PostSelection, *, zone: tzinfo, now: datetime | None = None
) -> Overview:
    """Count the users and tags, and the selected posts and their words.

    Months begin at midnight in the time zone `zone`.

    If the selection has any filter, the counts of users and tags are None. If the selection has a filter by time, the
    counts of posts in this month and in the last month are None. Raises NotFoundError if a tag or an author does not
    exist.
    """
    moment = now or utc_now()
    months = {
        "last_month": start_of_month(moment, zone, months_back=1),
        "this_month": start_of_month(moment, zone),
        "next_month": start_of_month(moment, zone, months_back=-1),
    }
    all_statuses = selection if selection.statuses else replace(selection, statuses=list(PostStatus))
    async with sessions() as session:
        stats = StatsRepository(session)
        people = await stats.count_users_and_tags()
        posts = await stats.summarize_posts(await resolve_filters(session, all_statuses), **months)
    figures = {name: value or 0 for name, value in (dict(people) | dict(posts)).items()}
    for average in ("characters_average", "words_average"):
        figures[average] = round(float(figures[average]), 1)
    return Overview(**figures | dict.fromkeys(_list_unfiltered_counts(selection)))


async def count_posts_by(
    sessions: SessionFactory,
    group: PostGroup,
    selection: PostSelection,
    *,
    zone: tzinfo,
    sort: CountSort | None = None,
    descending: bool = False,
) -> list[PostCount]:
    """Count the selected posts and their words by author, tag, status or period.

    Days, weeks, months and years begin at midnight in the time zone `zone`. By default, periods are in chronological
    order, and all other groups are in descending order of their number of posts. Months and years without posts are
    included unless there would be more than MAX_FILLED_PERIODS periods. Raises NotFoundError if a tag or an author does
    not exist.
    """
    async with sessions() as session:
        stats = StatsRepository(session)
        filters = await resolve_filters(session, selection)
        if group in _PERIODS:
            period = _PERIODS[group]
            intervals = await stats.count_posts_by_interval(filters, splits_months=period.splits_months)
            counts = _count_by_period(intervals, period, zone)
        else:
            counts = list(await stats.count_posts_by(group, filters))
    if sort is not None:
        counts.sort(key=_SORT_KEYS[sort], reverse=descending)
    return [PostCount(group=count.value, posts=count.posts, words=count.words) for count in counts]


def _list_unfiltered_counts(selection: PostSelection) -> list[str]:
    """Return the names of the counts that are None because of the filters of the selection."""
    names = ["users_active", "users_inactive", "tags"] if selection.is_filtered else []
    return names + (["this_month", "last_month"] if selection.since or selection.until else [])


def _count_by_period(intervals: Sequence[Count], period: _Period, zone: tzinfo) -> list[Count]:
    figures: dict[int, tuple[int, int]] = {}
    unreadable: list[Count] = []
    for interval in intervals:
        number = _find_period_number(interval.value, period, zone)
        if number is None:
            unreadable.append(interval)
            continue
        posts, words = figures.get(number, (0, 0))
        figures[number] = (posts + interval.posts, words + interval.words)
    first = min(figures, default=0)
    last = max(figures, default=-1)
    is_filled = period.is_filled and last - first < MAX_FILLED_PERIODS
    numbers = range(first, last + 1) if is_filled else sorted(figures)
    counts = [Count(period.name_of(number), *figures.get(number, (0, 0))) for number in numbers]
    if unreadable:
        posts = sum(count.posts for count in unreadable)
        words = sum(count.words for count in unreadable)
        counts.append(Count(_UNREADABLE, posts, words))
    return counts


def _find_period_number(time: str, period: _Period, zone: tzinfo) -> int | None:
    try:
        instant = datetime.fromisoformat(time).replace(tzinfo=UTC)
    except ValueError:
        # If another program has written an invalid date, the other posts must be counted nevertheless.
        return None
    return period.number_of(_to_local_day(instant, zone))


def _to_local_day(instant: datetime, zone: tzinfo) -> date:
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        # On the first and the last day of the calendar, the local time of an instant can be outside the calendar. The
        # date in UTC is used instead.
        return instant.date()
