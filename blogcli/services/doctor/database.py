"""Examine the database and its server."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...database.recorded_revision import RecordedRevision, fetch_recorded_revision
from ...enums import HealthLevel
from ...errors import ConfigurationError
from ...repositories.db import health, server
from ...repositories.db.health import LockHolder
from ...repositories.transfer.reading import read_blog
from ...schemas.doctor import Diagnosis
from ..db.optimize import wal_size
from .environment import MAX_CLOCK_DIFFERENCE, examine_backups

_MAX_WAL_BYTES = 64_000_000
_MAX_LOCK_SECONDS = 60
# A database with fewer posts is fast without statistics.
_MIN_POSTS = 1_000
_OPTIMIZE = "blogcli db optimize"
_UPGRADE = "blogcli db upgrade"


async def examine_database(engine: AsyncEngine, *, path: Path | None, backup_folder: Path) -> list[Diagnosis]:
    """Return findings about the connection, the revision, locks, the clock, statistics, the log and backups.

    `path` is the file of a SQLite database, and `backup_folder` is the folder of backups.
    """
    async with engine.connect() as connection:
        holders = await health.find_lock_holders(connection, path)
        version = await server.version(connection)
        findings = [_finding("connection", f"{version} answers in {await server.round_trip(connection)} ms")]
        revision = _examine_revision(await fetch_recorded_revision(connection))
        findings.append(revision)
        if revision.level != HealthLevel.OK:
            return findings
        findings += _describe_locks(holders)
        if not any(holder.blocks_readers for holder in holders):
            findings += [await _examine_clock(connection), await _examine_statistics(connection)]
            findings.append(await _examine_backups(connection, backup_folder))
        if path is not None:
            findings.append(_examine_wal(path))
        return findings


def _examine_revision(record: RecordedRevision) -> Diagnosis:
    try:
        record.verify()
    except ConfigurationError as error:
        # Only an older or empty database can be upgraded. The hints for other databases do not name that command.
        hint = error.hint or ""
        return _finding("revision", error.message, _UPGRADE if _UPGRADE in hint else hint, level=HealthLevel.ERROR)
    return _finding("revision", f"The database is at the newest revision, {record.revision}")


def _describe_locks(holders: Sequence[LockHolder]) -> Iterator[Diagnosis]:
    if not holders:
        yield _finding("lock", "No other process holds a lock")
    for holder in holders:
        process = holder.name if holder.pid is None else f"{holder.name} (process {holder.pid})"
        if holder.seconds is None:
            yield _finding("lock", f"{process} is writing to the database", "Wait until it ends")
            continue
        text = f"{process} has held locks for {holder.seconds:,} seconds"
        if holder.blocks_readers:
            text += ", and other processes cannot read a table"
        is_wrong = holder.blocks_readers or holder.seconds > _MAX_LOCK_SECONDS
        yield _finding("lock", text, f"psql -c 'SELECT pg_terminate_backend({holder.pid})'" if is_wrong else None)


async def _examine_clock(connection: AsyncConnection) -> Diagnosis:
    """Compare the clock with that of the server, or with the newest time in the journal of a SQLite database."""
    server_time = await health.fetch_server_time(connection)
    now = datetime.now(UTC)
    newest = server_time or await health.fetch_newest_time(connection)
    behind = newest - now if newest else timedelta()
    if abs(behind) > MAX_CLOCK_DIFFERENCE if server_time else behind > MAX_CLOCK_DIFFERENCE:
        text = (
            f"The clock is {abs(behind).total_seconds():,.0f} seconds {'behind' if behind > timedelta() else 'ahead'}"
        )
        return _finding("clock", text, "timedatectl set-ntp true")
    return _finding("clock", f"The clock is right: {now:%Y-%m-%d %H:%M} UTC")


async def _examine_statistics(connection: AsyncConnection) -> Diagnosis:
    if await health.has_posts(connection, _MIN_POSTS) and not await health.has_statistics(connection):
        return _finding("statistics", "The query planner has no statistics, so queries can be slow", _OPTIMIZE)
    return _finding("statistics", "The query planner has the statistics that it needs")


async def _examine_backups(connection: AsyncConnection, folder: Path) -> Diagnosis:
    blog = await read_blog(connection)
    return examine_backups(folder, blog, datetime.now(UTC), has_posts=await health.has_posts(connection, 1))


def _examine_wal(path: Path) -> Diagnosis:
    size = wal_size(path)
    text = f"The write-ahead log has {size:,} bytes"
    return _finding("wal", text, _OPTIMIZE if size > _MAX_WAL_BYTES else None)


def _finding(code: str, text: str, repair: str | None = None, *, level: HealthLevel = HealthLevel.WARNING) -> Diagnosis:
    """Return a finding, which has the level OK if there is nothing to repair."""
    return Diagnosis(code=code, level=level if repair else HealthLevel.OK, text=text, repair=repair)
