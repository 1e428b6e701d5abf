"""Everything about posts, people and tags, read to be taken elsewhere."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, Tag, User
from .base import CHUNK
from .dialects import see_one_moment
from .listed import TAG_NAMES
from .references import chunked
from .selections import PostFilters, matching

# All that is stored of a post; the tags in one text, which `names_of` takes apart.
WHOLE = select(
    *(Post.uuid, Post.title, Post.slug, Post.status, User.email.label("author"), TAG_NAMES.label("tags"), Post.excerpt),
    *(Post.published_at, Post.created_at, Post.updated_at, Post.trashed_at),
    *(Post.expires_at, Post.first_published_at, Post.extra, Post.content),
).join(Post.author)


class ArchiveRepository:
    """People and tags, in the order in which they came."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def see_one_moment(self) -> None:
        """Let all that is read be of one moment; to be asked for before anything is."""
        await see_one_moment(self.session)

    async def users(self, filters: PostFilters) -> Sequence[User]:
        """All users, or, where the filters narrow the posts, those who wrote them."""
        statement = select(User).order_by(User.id)
        if filters.narrow:
            statement = statement.where(User.id.in_(select(Post.author_id).where(*matching(filters))))
        return (await self.session.scalars(statement)).all()

    async def posts(self, ids: Sequence[int]) -> Sequence[Row[Any]]:
        """The posts with these ids, as rows of `WHOLE` with the id behind them."""
        found: list[Row[Any]] = []
        for chunk in chunked(ids, CHUNK):
            found += await self.session.execute(WHOLE.add_columns(Post.id).where(Post.id.in_(chunk)))
        return found

    async def tag_names(self) -> Sequence[str]:
        """The names of all tags."""
        return (await self.session.scalars(select(Tag.name).order_by(Tag.id))).all()
