"""Posts as lists show them: plain rows, read several times as fast as objects."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import PostStatus
from ..models import Post, Tag, User, post_tags
from .base import CHUNK
from .references import chunked

_COLUMNS = (
    *(Post.id, Post.uuid, Post.title, Post.slug, Post.status, Post.trashed_at, User.email, Post.excerpt, Post.words),
    *(Post.published_at, Post.created_at, Post.updated_at),
)


class ListedPost(NamedTuple):
    """All of a post but its text, with the e-mail of its author and the names of its tags by key."""

    id: int
    uuid: UUID
    title: str
    slug: str
    status: str
    trashed_at: datetime | None
    author: str
    excerpt: str | None
    words: int
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    tags: list[str]

    @property
    def state(self) -> PostStatus:
        """The status as people see it: `trashed` hides the one underneath."""
        return PostStatus.TRASHED if self.trashed_at else PostStatus(self.status)


def select_listed() -> Select[Any]:
    """The columns of listed posts, joined to their authors; more columns may follow."""
    columns: Sequence[Any] = _COLUMNS
    return select(*columns).join(Post.author)


async def listed(session: AsyncSession, rows: Sequence[Row[Any]]) -> list[ListedPost]:
    """The posts of rows that `select_listed` began, with their tags."""
    tags = await _tag_names(session, [row[0] for row in rows])
    return [ListedPost._make((*row[: len(_COLUMNS)], tags.get(row[0], []))) for row in rows]


async def _tag_names(session: AsyncSession, post_ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[tuple[str, str]]] = {}
    joined = select(post_tags.c.post_id, Tag.key, Tag.name).join(Tag, Tag.id == post_tags.c.tag_id)
    for chunk in chunked(post_ids, CHUNK):
        for post_id, key, name in await session.execute(joined.where(post_tags.c.post_id.in_(chunk))):
            found.setdefault(post_id, []).append((key, name))
    return {post_id: _names(tags) for post_id, tags in found.items()}


def _names(tags: Iterable[tuple[str, str]]) -> list[str]:
    # Sorted here: the databases' collations differ.
    return [name for _, name in sorted(tags)]
