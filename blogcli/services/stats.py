"""Figures about the blog."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo

from ..database import SessionFactory
from ..dates import start_of_month
from ..enums import PostGroup, PostStatus
from ..models.base import utc_now
from ..repositories.stats import Count, StatsRepository
from ..schemas.selection import PostSelection
from ..schemas.stats import Overview, PostCount
from .selections import filters_of

_PERIODS: dict[PostGroup, Callable[[date], str]] = {
    PostGroup.DAY: lambda day: day.isoformat(),
    PostGroup.WEEK: lambda day: "{:04}-W{:02}".format(*day.isocalendar()),
    PostGroup.MONTH: lambda day: day.isoformat()[:7],
    PostGroup.YEAR: lambda day: day.isoformat()[:4],
}


async def overview(
    sessions: SessionFactory, selection: PostSelection, *, zone: tzinfo, now: datetime | None = None
) -> Overview:
    """The blog in one row; months are those of the blog's time zone. NotFoundError for an unknown tag or author."""
    moment = now or utc_now()
    months = {
        "last_month": start_of_month(moment, zone, months_back=1),
        "this_month": start_of_month(moment, zone),
        "next_month": start_of_month(moment, zone, months_back=-1),
    }
    everything = selection if selection.statuses else selection.model_copy(update={"statuses": list(PostStatus)})
    async with sessions() as session:
        stats = StatsRepository(session)
        people = await stats.people_and_tags()
        posts = await stats.posts_at_a_glance(await filters_of(session, everything), **months)
        figures = {name: value or 0 for name, value in (dict(people) | dict(posts)).items()}
        for average in ("characters_average", "words_average"):
            figures[average] = round(float(figures[average]), 1)
        return Overview(**figures)


async def count_posts_by(
    sessions: SessionFactory, group: PostGroup, selection: PostSelection, *, zone: tzinfo
) -> list[PostCount]:
    """Posts and words by author, tag or status (most posts first), or by period (in order of time, in `zone`).

    Raises NotFoundError for an unknown tag or author.
    """
    async with sessions() as session:
        stats = StatsRepository(session)
        filters = await filters_of(session, selection)
        counts: Sequence[Count]
        if group in _PERIODS:
            counts = _by_period(await stats.posts_by_quarter_hour(filters), _PERIODS[group], zone)
        else:
            counts = await stats.posts_by(group, filters)
        return [PostCount(group=count.value, posts=count.posts, words=count.words) for count in counts]


def _by_period(quarters: Sequence[Count], period_of: Callable[[date], str], zone: tzinfo) -> list[Count]:
    periods: dict[str, Count] = {}
    for quarter in quarters:
        instant = datetime.fromisoformat(quarter.value).replace(tzinfo=UTC)
        period = period_of(_local_day(instant, zone))
        before = periods.get(period, Count(period, 0, 0))
        periods[period] = Count(period, before.posts + quarter.posts, before.words + quarter.words)
    return list(periods.values())


def _local_day(instant: datetime, zone: tzinfo) -> date:
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        # At either end of the calendar a zone can lie beyond it.
        return instant.date()
