"""Find out whether a database contains anything that must not be overwritten."""

from sqlalchemy.ext.asyncio import AsyncConnection

from ...archive.records import Header
from ...database.recorded_revision import fetch_recorded_revision
from . import archives

# A database without rows in these tables is considered empty.
_TABLES = ("users", "posts", "tags", "journal_operations")


async def describe_content(connection: AsyncConnection) -> Header | None:
    """Return the header of a backup of a database, or None if the database contains no blog or an empty blog.

    Raises ConfigurationError if the database must not be overwritten, because it belongs to another program, has no
    valid record of its revision, contains an unfinished copy, or was made by a newer version of blogcli.
    """
    record = await fetch_recorded_revision(connection)
    record.require()
    if record.revision is None:
        return None
    header = await archives.read_header(connection, await archives.list_tables(connection))
    return header if any(header.counts.get(name) for name in _TABLES) else None


async def has_content(connection: AsyncConnection) -> bool:
    """Return whether a database contains a blog that is not empty."""
    return await describe_content(connection) is not None
