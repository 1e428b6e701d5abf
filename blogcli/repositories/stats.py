"""Count posts, words, users and tags."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import RowMapping, Select, SQLColumnExpression, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import PostGroup, PostStatus
from ..models import Post, Tag, User, post_tags
from ..models.posts import character_count, post_date
from .dialects import interval_within_month, quarter_hour, sortable
from .posts.filters import PostFilters, filter_conditions

_STORED_STATUSES = (PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED)


class Count(NamedTuple):
    """A value, such as a tag, with the number of posts that have the value and the number of words in these posts."""

    value: str
    posts: int
    words: int


class StatsRepository:
    """Counts users, tags, and the posts that match filters."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def count_users_and_tags(self) -> RowMapping:
        """Return one row with the columns `users_active`, `users_inactive` and `tags`."""
        active = select(func.count()).select_from(User).where(User.is_active).scalar_subquery()
        inactive = select(func.count()).select_from(User).where(~User.is_active).scalar_subquery()
        tags = select(func.count()).select_from(Tag).scalar_subquery()
        columns = (active.label("users_active"), inactive.label("users_inactive"), tags.label("tags"))
        return (await self.session.execute(select(*columns))).mappings().one()

    async def summarize_posts(
        self, filters: PostFilters, *, last_month: datetime, this_month: datetime, next_month: datetime
    ) -> Mapping[str, Any]:
        """Return a dictionary of figures about the matching posts.

        The figures are the number of posts of each status, the totals and averages of characters and words, and the
        numbers of posts that were published last month and this month. Posts in the trash are included only in the
        number of trashed posts. Averages are None if there are no posts outside the trash.
        """
        statements = _select_counts_by_status(filters)
        if PostStatus.PUBLISHED in (filters.statuses or _STORED_STATUSES):
            statements.append(_select_published_count("last_month", filters, last_month, this_month))
            statements.append(_select_published_count("this_month", filters, this_month, next_month))
        rows = {row.value: row for row in await self.session.execute(union_all(*statements))}
        counts = {name: rows[name].posts if name in rows else 0 for name in (*PostStatus, "this_month", "last_month")}
        not_trashed = [rows[status] for status in _STORED_STATUSES if status in rows]
        posts = sum(row.posts for row in not_trashed)
        characters = sum(int(row.characters) for row in not_trashed)
        words = sum(int(row.words) for row in not_trashed)
        return {
            **{f"posts_{status}": counts[status] for status in PostStatus},
            "characters_total": characters,
            "characters_average": characters / posts if posts else None,
            "words_total": words,
            "words_average": words / posts if posts else None,
            "this_month": counts["this_month"],
            "last_month": counts["last_month"],
        }

    async def count_posts_by(self, group: PostGroup, filters: PostFilters) -> Sequence[Count]:
        """Return the counts for each author, tag or status, depending on `group`, ordered by most posts first."""
        if group is PostGroup.STATUS:
            rows = await self.session.execute(union_all(*_select_counts_by_status(filters)))
            counts = [Count(row.value, row.posts, int(row.words)) for row in rows if row.posts]
            return sorted(counts, key=lambda count: (-count.posts, count.value))
        statement, value = _grouped(group)
        statement = statement.where(*filter_conditions(filters)).group_by(value)
        result = await self.session.execute(statement.order_by(func.count().desc(), sortable(value)))
        return [Count(row[0], row[1], int(row[2])) for row in result]

    async def count_posts_by_interval(self, filters: PostFilters, *, splits_months: bool) -> Sequence[Count]:
        """Return the counts for each time interval that contains posts, in chronological order.

        The value of a count is a time in UTC within the interval. Each interval takes 15 minutes. If `splits_months` is
        false, days 2 to 27 of a month form one interval. All instants of these days are in this month in every time
        zone.
        """
        interval = quarter_hour(post_date) if splits_months else interval_within_month(post_date)
        columns = (interval, func.count(), func.sum(Post.words))
        statement = select(*columns).where(*filter_conditions(filters)).group_by(interval).order_by(interval)
        return [Count(row[0], row[1], int(row[2])) for row in await self.session.execute(statement)]


def _select_counts_by_status(filters: PostFilters) -> list[Select[str, int, int, int]]:
    """Return statements that count posts, words and characters by status.

    Posts in the trash are counted by a separate statement, so that each statement reads only one index.
    """
    figures = (
        func.count().label("posts"),
        func.sum(Post.words).label("words"),
        func.sum(character_count).label("characters"),
    )
    stored = [status for status in filters.statuses if status is not PostStatus.TRASHED]
    statements = []
    if stored or not filters.statuses:
        by_status = select(Post.status.label("value"), *figures).group_by(Post.status)
        statements.append(by_status.where(*filter_conditions(replace(filters, statuses=stored))))
    if PostStatus.TRASHED in filters.statuses:
        in_trash = filter_conditions(replace(filters, statuses=[PostStatus.TRASHED]))
        statements.append(select(literal(PostStatus.TRASHED.value).label("value"), *figures).where(*in_trash))
    return statements


def _select_published_count(
    name: str, filters: PostFilters, start: datetime, end: datetime
) -> Select[str, int, int, int]:
    """Return a statement that counts the matching posts that were published from `start` until before `end`.

    The statement selects one row with the value `name`.
    """
    zero = literal(0)
    columns = (literal(name).label("value"), func.count().label("posts"), zero.label("words"), zero.label("characters"))
    # For published posts, `post_date` equals `published_at`. The condition on `post_date` is redundant, but it lets the
    # database use the index, which contains `post_date`.
    is_inside = (Post.published_at >= start, Post.published_at < end, post_date >= start, post_date < end)
    published = replace(filters, statuses=[PostStatus.PUBLISHED])
    return select(*columns).where(*filter_conditions(published), *is_inside)


def _grouped(group: PostGroup) -> tuple[Select[str, int, int], SQLColumnExpression[Any]]:
    figures = (func.count(), func.sum(Post.words))
    if group is PostGroup.AUTHOR:
        return select(User.email, *figures).select_from(Post).join(Post.author), User.email
    joined = select(Tag.name, *figures).select_from(Post).join(post_tags, post_tags.c.post_id == Post.id).join(Tag)
    return joined, Tag.name
