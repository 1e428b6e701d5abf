"""SQLite: one file, opened with what makes it safe for several processes at once."""

import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from ..errors import ConfigurationError
from ..settings import Settings
from ..urls import SqliteUrl
from .revisions import verify_revision

_SPELL_MS = 200


def create_engine(url: SqliteUrl, settings: Settings) -> AsyncEngine:
    """An engine for commands: the file must exist and be at the code's revision."""

    async def connect() -> aiosqlite.Connection:
        connection = await _open_existing(url, settings)
        try:
            await _prepare(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    return _engine(connect, settings)


def create_inspection_engine(url: SqliteUrl, settings: Settings) -> AsyncEngine:
    """An engine on a file of whatever revision."""
    return _engine(lambda: _open_existing(url, settings), settings)


def create_migration_engine(url: SqliteUrl, settings: Settings) -> AsyncEngine:
    """An engine for migrations: it makes the file where there is none, and enforces no foreign keys.

    Altering a table on SQLite copies and drops it; with foreign keys on, the drop would cascade.
    """

    async def connect() -> aiosqlite.Connection:
        _make_private(url.path)
        connection = await _open(url, settings)
        try:
            # WAL lets readers go on while another process writes; the file remembers it.
            await connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        except BaseException:
            await connection.close()
            raise
        return connection

    return _engine(connect, settings)


async def _prepare(connection: aiosqlite.Connection) -> None:
    # Foreign keys are off until asked for. FULL, because a command that said "Created" must survive a power cut.
    # In the 2 MB that are its default, SQLite does not keep even the inner pages of a large table.
    await connection.executescript("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000")
    await connection.create_function("blogcli_matches", 2, _matches, deterministic=True)
    verify_revision(await _read_revision(connection))


async def _open_existing(url: SqliteUrl, settings: Settings) -> aiosqlite.Connection:
    if not url.path.exists():
        raise ConfigurationError(f"There is no database at {url.path}", hint="Run `blogcli db upgrade`.")
    return await _open(url, settings)


async def _open(url: SqliteUrl, settings: Settings) -> aiosqlite.Connection:
    # Never made here, even if it goes away meanwhile. isolation_level=None leaves BEGIN to us: only so are DDL and
    # savepoints transactional on Python 3.11.
    connection = aiosqlite.connect(
        f"{url.path.as_uri()}?mode=rw", uri=True, timeout=settings.busy_timeout, isolation_level=None
    )
    try:
        return await connection
    except sqlite3.Error:
        # Its thread ends with a word to the event loop, which must still be there to hear it.
        connection._thread.join()  # noqa: SLF001 - aiosqlite offers no other way
        raise


async def _read_revision(connection: aiosqlite.Connection) -> str | None:
    try:
        rows = list(await connection.execute_fetchall("SELECT version_num FROM alembic_version"))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        # There is no such table.
        return None
    return str(rows[0][0]) if rows else None


def _engine(connect: Callable[[], Awaitable[aiosqlite.Connection]], settings: Settings) -> AsyncEngine:
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=connect,
        # One command is one connection: there is nothing to pool, and nothing that could have gone stale.
        poolclass=NullPool,
        echo=settings.echo,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns into a write fails at once when another process wrote meanwhile,
        # whatever the timeout; so a write says at its start that it is one.
        if connection.get_execution_options().get("writes", False):
            connection.connection.run_async(lambda driver: _begin_write(driver, settings.busy_timeout))
        else:
            connection.exec_driver_sql("BEGIN")

    return engine


async def _begin_write(connection: aiosqlite.Connection, patience: float) -> None:
    """Wait up to `patience` seconds for other writers, in short spells: while SQLite waits it hears no Ctrl-C."""
    deadline = time.monotonic() + patience
    await connection.execute(f"PRAGMA busy_timeout = {_SPELL_MS}")
    while True:
        try:
            await connection.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
    await connection.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")


def _make_private(path: Path) -> None:
    if path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made before SQLite opens it, so that it never exists with wider rights.
        path.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(f"Cannot create {path}: {error.strerror}") from error


def _matches(pattern: str, text: str | None) -> bool:
    return text is not None and _compiled(pattern).search(text) is not None


@lru_cache(maxsize=16)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
