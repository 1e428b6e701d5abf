"""Everything about posts, people and tags, read to be taken elsewhere."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, String, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ..models import Post, Tag, User
from .base import CHUNK
from .dialects import use_snapshot_isolation
from .identifiers import chunked
from .invalid_values import read_any_text
from .posts.filters import PostFilters, matching
from .posts.rows import TAG_NAMES


def _raw(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String()).label(column.key)


# All that is stored of a post, as the drivers give it; the tags in one text, which `names_of` takes apart. A value that
# cannot be read must not keep the others from being read, so it is converted later, row by row.
WHOLE = select(
    *(
        Post.id,
        _raw(Post.uuid),
        Post.title,
        Post.slug,
        Post.status,
        User.email.label("author"),
        TAG_NAMES.label("tags"),
    ),
    *(Post.excerpt, *map(_raw, (Post.published_at, Post.created_at, Post.updated_at, Post.trashed_at))),
    *map(_raw, (Post.expires_at, Post.first_published_at, Post.extra)),
    Post.content,
).join(Post.author)
# All that is stored of a person, in the same form.
PERSON = select(
    *(User.id, User.email, User.hashed_password, User.full_name),
    *map(_raw, (User.is_active, User.created_at, User.updated_at)),
)


class ArchiveRepository:
    """People and tags, in the order in which they came."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def see_one_moment(self) -> None:
        """Let all that is read be of one moment; to be asked for before anything is."""
        await use_snapshot_isolation(self.session)

    async def read_any_text(self) -> None:
        """Let texts that are not valid UTF-8 be read instead of failing the whole query."""
        await read_any_text(await self.session.connection())

    async def users(self, filters: PostFilters) -> Sequence[Row[Any]]:
        """All users, or, where the filters narrow the posts, those who wrote them, as rows of `PERSON`."""
        statement = PERSON.order_by(User.id)
        if filters.narrow:
            statement = statement.where(User.id.in_(select(Post.author_id).where(*matching(filters))))
        return (await self.session.execute(statement)).all()

    async def posts(self, ids: Sequence[int]) -> Sequence[Row[Any]]:
        """The posts with these ids, as rows of `WHOLE`."""
        found: list[Row[Any]] = []
        for chunk in chunked(ids, CHUNK):
            found += await self.session.execute(WHOLE.where(Post.id.in_(chunk)))
        return found

    async def tag_names(self) -> Sequence[str]:
        """The names of all tags."""
        return (await self.session.scalars(select(Tag.name).order_by(Tag.id))).all()
