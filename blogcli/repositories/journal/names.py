"""Find the names of users, posts and tags that the journal mentions, even if they were deleted."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Base
from ...models.journal import JournalChange
from ..base import CHUNK
from ..identifiers import chunked
from .tables import TABLE_NUMBERS

# The column that names a row in messages.
NAME_COLUMNS = {"users": "email", "posts": "slug", "tags": "name"}


async def read_names(session: AsyncSession, table: str, ids: Collection[int]) -> Mapping[int, str]:
    """Return the e-mail addresses, slugs or names of the rows of a table with the given ids, by id.

    A deleted row has the name that it had last. A row of which no name is known is missing in the result.
    """
    names: dict[int, str] = {}
    for chunk in chunked(sorted(ids), CHUNK):
        columns = Base.metadata.tables[table].columns
        rows = await session.execute(select(columns.id, columns[NAME_COLUMNS[table]]).where(columns.id.in_(chunk)))
        names |= {row[0]: row[1] for row in rows}
        missing = [id_ for id_ in chunk if id_ not in names]
        if missing:
            names |= await _read_last_names(session, table, missing)
    return names


async def _read_last_names(session: AsyncSession, table: str, ids: Collection[int]) -> dict[int, str]:
    deletion = select(func.max(JournalChange.id)).where(
        JournalChange.table_no == TABLE_NUMBERS[table], JournalChange.row_id.in_(ids), JournalChange.action == "d"
    )
    name = JournalChange.was[NAME_COLUMNS[table]].as_string()
    newest = deletion.group_by(JournalChange.row_id)
    rows = await session.execute(select(JournalChange.row_id, name).where(JournalChange.id.in_(newest)))
    return {row[0]: row[1] for row in rows if row[1] is not None}
