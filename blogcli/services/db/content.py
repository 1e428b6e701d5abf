"""Find out whether a database contains anything that must not be overwritten."""

from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncConnection

from ...archive.records import Header
from ...errors import ConfigurationError
from . import archives

# A database without rows in these tables is considered empty.
_TABLES = ("users", "posts", "tags", "journal_operations")


async def describe_content(connection: AsyncConnection) -> Header | None:
    """Return the header of a backup of a database, or None if the database contains no blog or an empty blog."""
    tables = await archives.list_tables(connection)
    if not tables:
        return None
    with suppress(ConfigurationError):
        header = await archives.read_header(connection, tables)
        return header if any(header.counts.get(name) for name in _TABLES) else None
    return None


async def has_content(connection: AsyncConnection) -> bool:
    """Return whether a database contains a blog that is not empty."""
    return await describe_content(connection) is not None
