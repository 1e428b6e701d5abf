"""Figures about posts, users and tags: aggregates, never rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, RowMapping, Select, SQLColumnExpression, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import PostGroup, PostStatus
from ..models import Post, Tag, User, post_tags
from ..models.posts import post_date
from .dialects import characters, quarter_hour, sortable
from .posts.filters import PostFilters, matching

_ALIVE = Post.trashed_at.is_(None)


class Count(NamedTuple):
    """How many posts, and words, share one value."""

    value: str
    posts: int
    words: int


class StatsRepository:
    """Aggregates over what the filters choose."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def people_and_tags(self) -> RowMapping:
        """`users_active`, `users_inactive` and `tags`, in one row."""
        active = select(func.count()).select_from(User).where(User.is_active).scalar_subquery()
        inactive = select(func.count()).select_from(User).where(~User.is_active).scalar_subquery()
        tags = select(func.count()).select_from(Tag).scalar_subquery()
        columns = (active.label("users_active"), inactive.label("users_inactive"), tags.label("tags"))
        return (await self.session.execute(select(*columns))).mappings().one()

    async def posts_at_a_glance(
        self, filters: PostFilters, *, last_month: datetime, this_month: datetime, next_month: datetime
    ) -> RowMapping:
        """Posts by status, lengths, words, and how many were published in two months, in one pass.

        Lengths and words leave out the trash; averages are None where there is no post.
        """
        published = [_ALIVE, Post.status == PostStatus.PUBLISHED]
        columns = (
            *(
                func.count().filter(_ALIVE, Post.status == status).label(f"posts_{status}")
                for status in (PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED)
            ),
            func.count(Post.trashed_at).label("posts_trashed"),
            func.sum(characters(Post.content)).filter(_ALIVE).label("characters_total"),
            func.avg(characters(Post.content)).filter(_ALIVE).label("characters_average"),
            func.sum(Post.words).filter(_ALIVE).label("words_total"),
            func.avg(Post.words).filter(_ALIVE).label("words_average"),
            func.count().filter(*published, *_between(this_month, next_month)).label("this_month"),
            func.count().filter(*published, *_between(last_month, this_month)).label("last_month"),
        )
        return (await self.session.execute(select(*columns).where(*matching(filters)))).mappings().one()

    async def posts_by(self, group: PostGroup, filters: PostFilters) -> Sequence[Count]:
        """Posts and words for each author, tag or status, most posts first."""
        statement, value = _grouped(group)
        statement = statement.where(*matching(filters)).group_by(value)
        rows = await self.session.execute(statement.order_by(func.count().desc(), sortable(value)))
        return [Count(row[0], row[1], int(row[2])) for row in rows]

    async def posts_by_quarter_hour(self, filters: PostFilters) -> Sequence[Count]:
        """Posts and words for each quarter of an hour, in UTC, that has any, in order of time."""
        quarter = quarter_hour(post_date)
        columns = (quarter, func.count(), func.sum(Post.words))
        statement = select(*columns).where(*matching(filters)).group_by(quarter).order_by(quarter)
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
    state: SQLColumnExpression[Any] = case((_ALIVE, Post.status), else_=PostStatus.TRASHED.value)
    return select(state, *figures).select_from(Post), state
