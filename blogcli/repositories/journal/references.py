"""Find users, posts and tags that were deleted, but that the journal still mentions."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Post
from ...models.journal import JournalChange
from ...text.casefold import tag_key
from .tables import TABLE_NUMBERS


async def has_changes(session: AsyncSession, table: str, id_: int) -> bool:
    """Return whether the journal contains changes of the row of a table with the given id."""
    statement = select(JournalChange.id).where(
        JournalChange.table_no == TABLE_NUMBERS[table], JournalChange.row_id == id_
    )
    return await session.scalar(statement.limit(1)) is not None


async def find_by_uuid(session: AsyncSession, reference: str) -> int | None:
    """Return the id of the post, which may have been deleted, with the UUID in a reference, or None."""
    try:
        uuid = UUID(reference)
    except ValueError:
        return None
    id_ = await session.scalar(select(Post.id).where(Post.uuid == uuid))
    return id_ or await _find_deleted(session, "posts", "uuid", str(uuid), uuid.hex)


async def find_by_last_name(session: AsyncSession, table: str, reference: str) -> int | None:
    """Return the id of the row that was deleted last and then had the name in a reference, or None.

    The name is the slug of a post, the e-mail address of a user, or the name of a tag regardless of case.
    """
    if table == "posts":
        return await _find_deleted(session, table, "slug", reference.removeprefix("slug:"))
    if table == "users":
        return await _find_deleted(session, table, "email", reference.strip().lower())
    return await _find_deleted(session, table, "key", tag_key(reference))


async def _find_deleted(session: AsyncSession, table: str, column: str, *values: str) -> int | None:
    former = JournalChange.was[column].as_string()
    # With these conditions, the database uses the index on deletions.
    statement = select(JournalChange.row_id).where(
        JournalChange.table_no == TABLE_NUMBERS[table],
        JournalChange.action == "d",
        or_(*(former == value for value in values)),
    )
    return await session.scalar(statement.order_by(JournalChange.id.desc()).limit(1))
