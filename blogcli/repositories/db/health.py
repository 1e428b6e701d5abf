"""Queries about the clock, the locks and the statistics of a database."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ...models.indexes import metadata
from ...models.journal import JournalOperation
from ...models.posts import Post

# A writer of SQLite holds a lock on this byte of the shared-memory file (see "WAL-mode file format" of SQLite).
_WRITE_LOCK_BYTE = "120"
_LOCKS = Path("/proc/locks")
_LOCK_HOLDERS = text("""
    SELECT a.pid, coalesce(nullif(a.application_name, ''), a.usename::text, 'unknown') AS name,
        CAST(extract(epoch FROM clock_timestamp() - a.xact_start) AS int) AS seconds,
        bool_or(l.mode = 'AccessExclusiveLock') AS blocks_readers
    FROM pg_stat_activity AS a JOIN pg_locks AS l ON l.pid = a.pid JOIN pg_class AS c ON c.oid = l.relation
    WHERE a.datname = current_database() AND a.pid <> pg_backend_pid()
        AND l.granted AND l.mode <> 'AccessShareLock' AND c.relname = ANY (:tables)
    GROUP BY a.pid, a.application_name, a.usename, a.xact_start
    ORDER BY a.xact_start
""")
_HAS_SQLITE_STATISTICS = "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1'"
_COUNT_SQLITE_STATISTICS = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'posts'"
_IS_ANALYZED = text("SELECT reltuples >= 0 FROM pg_class WHERE relname = 'posts' AND pg_table_is_visible(oid)")


class LockHolder(NamedTuple):
    """A process that holds a lock which other commands may have to wait for.

    `seconds` is the time since its transaction began, or None if it is unknown. If `blocks_readers` is true, no other
    process can read one of the tables.
    """

    pid: int | None
    name: str
    seconds: int | None
    blocks_readers: bool = False


async def fetch_server_time(connection: AsyncConnection) -> datetime | None:
    """Return the time of a PostgreSQL server, or None for SQLite, which has no server."""
    if connection.dialect.name == "sqlite":
        return None
    time: datetime | None = await connection.scalar(text("SELECT clock_timestamp()"))
    return time


async def fetch_newest_time(connection: AsyncConnection) -> datetime | None:
    """Return the time at which the newest operation of the journal ended, or None if there is none."""
    newest = select(JournalOperation.ended_at).order_by(JournalOperation.id.desc()).limit(1)
    time: datetime | None = await connection.scalar(newest)
    return time


async def find_lock_holders(connection: AsyncConnection, path: Path | None) -> Sequence[LockHolder]:
    """Return the processes that hold locks on the tables, or the process that writes to the SQLite file `path`.

    On SQLite, no transaction may have begun.
    """
    if path is None:
        rows = await connection.execute(_LOCK_HOLDERS, {"tables": list(metadata.tables)})
        return [LockHolder(row.pid, row.name, row.seconds, row.blocks_readers) for row in rows]
    driver: Any = (await connection.get_raw_connection()).driver_connection
    await driver.execute("PRAGMA busy_timeout = 0")
    try:
        await driver.execute("BEGIN IMMEDIATE")
        await driver.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        # A database that is read-only has no writer.
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            return [_find_writer(path)]
    return []


def _find_writer(path: Path) -> LockHolder:
    """Return the process that holds the write lock of a SQLite file. The system tells it on Linux only."""
    with suppress(OSError):
        inode = str(Path(f"{path}-shm").stat().st_ino)
        for line in _LOCKS.read_text().splitlines():
            fields = line.split()
            # The fields are the number, the class, the mode and the access, the process, the file, and the range.
            if fields[3:4] == ["WRITE"] and fields[5].split(":")[-1] == inode and fields[6] == _WRITE_LOCK_BYTE:
                name = Path(f"/proc/{fields[4]}/comm").read_text().strip()
                return LockHolder(int(fields[4]), name, None)
    return LockHolder(None, "another process", None)


async def has_posts(connection: AsyncConnection, count: int) -> bool:
    """Return whether there are at least this many posts."""
    found = select(Post.id).limit(count).subquery()
    return await connection.scalar(select(func.count()).select_from(found)) == count


async def has_statistics(connection: AsyncConnection) -> bool:
    """Return whether the query planner has statistics about posts."""
    if connection.dialect.name == "postgresql":
        return bool(await connection.scalar(_IS_ANALYZED))
    if not await connection.scalar(text(_HAS_SQLITE_STATISTICS)):
        return False
    return bool(await connection.scalar(text(_COUNT_SQLITE_STATISTICS)))
