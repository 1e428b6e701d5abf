"""Query posts, users and tags with all values that an export contains."""

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
from .posts.filters import PostFilters, filter_conditions
from .posts.rows import PostColumns


def _raw(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return type_coerce(column, String()).label(column.key)


# Selects those columns of users that an export contains. SQLAlchemy does not convert the values that the driver
# returns. The export converts them row by row, so that a value that cannot be read does not make the whole query fail.
USER_ROWS = select(
    *(User.id, User.email, User.hashed_password, User.full_name),
    *map(_raw, (User.is_active, User.created_at, User.updated_at)),
)


class ExportRepository:
    """Queries posts, users and tags for an export."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def use_snapshot(self) -> None:
        """Make all queries of the session read the same snapshot of the database.

        This method must be called before the first query.
        """
        await use_snapshot_isolation(self.session)

    async def read_any_text(self) -> None:
        """Decode invalid UTF-8 with the error handler `surrogateescape`, so that it does not make a query fail."""
        await read_any_text(await self.session.connection())

    async def users(self, filters: PostFilters) -> Sequence[Row[Any]]:
        """Return the rows of `USER_ROWS` for all users.

        If `filters.is_narrow` is true, only the authors of the selected posts are returned.
        """
        statement = USER_ROWS.order_by(User.id)
        if filters.is_narrow:
            statement = statement.where(User.id.in_(select(Post.author_id).where(*filter_conditions(filters))))
        return (await self.session.execute(statement)).all()

    async def posts(self, ids: Sequence[int], columns: PostColumns) -> Sequence[Row[Any]]:
        """Return rows with the given columns for the posts with the given ids. The order of the rows is undefined."""
        rows: list[Row[Any]] = []
        for chunk in chunked(ids, CHUNK):
            rows += await self.session.execute(columns.statement.where(Post.id.in_(chunk)))
        return rows

    async def tag_names(self) -> Sequence[str]:
        """Return the names of all tags."""
        return (await self.session.scalars(select(Tag.name).order_by(Tag.id))).all()
