"""Count posts, users and tags."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, Select, SQLColumnExpression, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import PostGroup, PostStatus
from ..models import Post, Tag, User, post_tags
from ..models.posts import post_date
from .dialects import character_count, interval_within_month, quarter_hour, sortable
from .posts.filters import PostFilters, filter_conditions

_NOT_TRASHED = Post.trashed_at.is_(None)


class Count(NamedTuple):
    """A value, the number of the posts that have it, and the number of words in these posts."""

    value: str
    posts: int
    words: int


class StatsRepository:
    """Count users, tags, and the posts that match filters."""

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
    ) -> RowMapping:
        """Return one row with the number of posts of each status, their length, and the number published in two months.

        The length is the total and the average number of characters and of words, without the posts in the trash.
        Averages are None if no post matches.
        """
        published = [_NOT_TRASHED, Post.status == PostStatus.PUBLISHED]
        columns = (
            *(
                func.count().filter(_NOT_TRASHED, Post.status == status).label(f"posts_{status}")
                for status in (PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED)
            ),
            func.count(Post.trashed_at).label("posts_trashed"),
            func.sum(character_count(Post.content)).filter(_NOT_TRASHED).label("characters_total"),
            func.avg(character_count(Post.content)).filter(_NOT_TRASHED).label("characters_average"),
            func.sum(Post.words).filter(_NOT_TRASHED).label("words_total"),
            func.avg(Post.words).filter(_NOT_TRASHED).label("words_average"),
            func.count().filter(*published, *_between(this_month, next_month)).label("this_month"),
            func.count().filter(*published, *_between(last_month, this_month)).label("last_month"),
        )
        return (await self.session.execute(select(*columns).where(*filter_conditions(filters)))).mappings().one()

    async def count_posts_by(self, group: PostGroup, filters: PostFilters) -> Sequence[Count]:
        """Count the posts and words of each author, tag or status. The value with the most posts comes first."""
        statement, value = _grouped(group)
        statement = statement.where(*filter_conditions(filters)).group_by(value)
        rows = await self.session.execute(statement.order_by(func.count().desc(), sortable(value)))
        return [Count(row[0], row[1], int(row[2])) for row in rows]

    async def count_posts_by_interval(self, filters: PostFilters, *, splits_months: bool) -> Sequence[Count]:
        """Count the posts and words of each time interval that has posts, in chronological order.

        The value of an interval is a time within it, in UTC. Intervals are quarters of an hour. If `splits_months` is
        false, the days in the middle of a month form one interval, which lies in this month in every time zone.
        """
        interval = quarter_hour(post_date) if splits_months else interval_within_month(post_date)
        columns = (interval, func.count(), func.sum(Post.words))
        statement = select(*columns).where(*filter_conditions(filters)).group_by(interval).order_by(interval)
        return [Count(row[0], row[1], int(row[2])) for row in await self.session.execute(statement)]


def _between(start: datetime, end: datetime) -> list[ColumnElement[bool]]:
    return [Post.published_at >= start, Post.published_at < end]


def _grouped(group: PostGroup) -> tuple[Select[str, int, int], SQLColumnExpression[Any]]:
    figures = (func.count(), func.sum(Post.words))
    if group is PostGroup.AUTHOR:
        return select(User.email, *figures).select_from(Post).join(Post.author), User.email
    if group is PostGroup.TAG:
        joined = select(Tag.name, *figures).select_from(Post).join(post_tags, post_tags.c.post_id == Post.id).join(Tag)
        return joined, Tag.name
    status: SQLColumnExpression[Any] = case((_NOT_TRASHED, Post.status), else_=PostStatus.TRASHED.value)
    return select(status, *figures).select_from(Post), status
