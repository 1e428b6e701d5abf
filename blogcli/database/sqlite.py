"""Create SQLite engines that allow several processes to use a database file safely at the same time."""

import re
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool

from ..enums import IfMissing
from ..errors import BlogError, ConfigurationError
from ..repositories.db.version_table import SQLITE_REVISION_COUNTS
from ..settings import Settings
from ..urls import SqliteUrl
from .journal import record_operations
from .recorded_revision import read_recorded_revision
from .revisions import head_revision
from .sqlite_files import choose_mode, create_private_file, get_identity

_Connect = Callable[[], Awaitable[aiosqlite.Connection]]
# The maximum time in milliseconds that one attempt to lock the database takes.
_RETRY_MS = 200


def create_engine(url: SqliteUrl, settings: Settings, *, keeps_connection: bool = False) -> AsyncEngine:
    """Return an engine for commands. The database must exist and be at the revision that the code requires."""

    async def connect() -> aiosqlite.Connection:
        connection = await _open_existing(url, settings)
        try:
            await _prepare(connection)
        except BaseException:
            await connection.close()
            raise
        return connection

    engine = build_engine(connect, url, settings, keeps_connection=keeps_connection)
    record_operations(engine.sync_engine)
    return engine


def create_inspection_engine(url: SqliteUrl, settings: Settings) -> AsyncEngine:
    """Return an engine for an existing file, which may be at any revision."""
    return build_engine(lambda: _open_existing(url, settings), url, settings)


def create_migration_engine(url: SqliteUrl, settings: Settings, *, if_missing: IfMissing) -> AsyncEngine:
    """Return an engine for migrations. The engine does not enforce foreign keys.

    A migration alters a table by creating an altered copy and dropping the original. If foreign keys were enforced,
    dropping a table could delete the rows that refer to the dropped table.

    `if_missing` decides whether a missing file is created, causes an error, or is replaced by a database in memory.
    """

    async def connect() -> aiosqlite.Connection:
        if if_missing is IfMissing.REFUSE or (if_missing is IfMissing.PRETEND and url.path.exists()):
            return await _open_existing(url, settings)
        if if_missing is IfMissing.PRETEND:
            return await open_connection("file::memory:")
        create_private_file(url.path)
        connection = await _open(url, settings)
        try:
            await _prepare_file(connection, url.path)
        except BaseException:
            await connection.close()
            raise
        return connection

    return build_engine(connect, url, settings)


async def _prepare_file(connection: aiosqlite.Connection, path: Path) -> None:
    """Check that blogcli can use a database file, and switch the database to WAL mode.

    Raises ConfigurationError if the file belongs to another program, or if its encoding is not UTF-8.
    """
    record = await read_recorded_revision(connection.execute_fetchall, "sqlite")
    ((encoding,),) = await connection.execute_fetchall("PRAGMA encoding")
    if record.revision is None and encoding != "UTF-8":
        # SQLite sorts text by code points only if the encoding of the database is UTF-8.
        raise ConfigurationError(f"{path} is in {encoding}; blogcli needs UTF-8", hint="Remove the empty file.")
    # In WAL mode, processes can read while another process writes.
    await connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")


async def _prepare(connection: aiosqlite.Connection) -> None:
    # SQLite does not enforce foreign keys by default. With synchronous = FULL, commits survive a power failure.
    # The default page cache of 2 MB is too small even for the inner pages of the B-tree of a large table.
    # The triggers of the journal make SQLite keep a journal of each statement, which is slow in a temporary file.
    await connection.executescript(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY"
    )
    await connection.create_function("blogcli_matches", 2, _matches, deterministic=True)
    await _verify_revision(connection)


async def _open_existing(url: SqliteUrl, settings: Settings) -> aiosqlite.Connection:
    if not url.path.exists():
        raise ConfigurationError(f"There is no database at {url.path}", hint="Run `blogcli db upgrade`.")
    return await _open(url, settings)


async def _open(url: SqliteUrl, settings: Settings) -> aiosqlite.Connection:
    return await open_connection(f"{url.path.as_uri()}?{choose_mode(url.path)}", timeout=settings.busy_timeout)


async def open_connection(address: str, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - the options of sqlite3.connect have different types
    """Open a connection to the database with a SQLite URI."""
    # With isolation_level=None, sqlite3 does not begin transactions implicitly. Implicit transactions begin only at an
    # INSERT, UPDATE, DELETE or REPLACE, so they would not include preceding DDL statements and savepoints.
    connection = aiosqlite.connect(address, uri=True, isolation_level=None, **options)
    try:
        await connection
    except BaseException:
        # Wait until the thread of the connection ends. If the event loop were closed earlier, the thread would raise an
        # error.
        connection._thread.join()  # noqa: SLF001 - aiosqlite offers no other way
        raise
    return connection


async def _verify_revision(connection: aiosqlite.Connection) -> None:
    """Raise ConfigurationError unless the database is at the revision that the code requires."""
    with suppress(sqlite3.OperationalError):
        if list(await connection.execute_fetchall(SQLITE_REVISION_COUNTS, (head_revision(),))) == [(1, 1)]:
            return
    # The version table does not exist or does not contain the expected revision. The full check determines the reason
    # and raises the corresponding error.
    record = await read_recorded_revision(connection.execute_fetchall, "sqlite")
    record.verify()


def build_engine(
    connect: _Connect, url: SqliteUrl, settings: Settings, *, keeps_connection: bool = False
) -> AsyncEngine:
    """Return an engine with the transactions of blogcli. `connect` opens the database with the URL `url`."""
    identities: list[tuple[int, int] | None] = []

    async def connect_to_file() -> aiosqlite.Connection:
        connection = await connect()
        identities.append(get_identity(url.path))
        return connection

    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=connect_to_file,
        # A command uses only one connection, so no pool is needed, unless several commands share the connection.
        poolclass=AsyncAdaptedQueuePool if keeps_connection else NullPool,
        echo=settings.echo,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "begin", partial(_begin, lock_timeout=settings.busy_timeout))
    event.listen(engine.sync_engine, "commit", partial(_refuse_replaced_file, path=url.path, identities=identities))
    return engine


def _begin(connection: Connection, *, lock_timeout: float) -> None:
    # If another process has written since a deferred transaction began, the first write of the transaction fails at
    # once, regardless of the timeout. For this reason, a transaction that writes acquires the lock when it begins.
    if connection.get_execution_options().get("writes", False):
        connection.connection.run_async(lambda driver: _begin_write(driver, lock_timeout))
    else:
        connection.exec_driver_sql("BEGIN")


def _refuse_replaced_file(connection: Connection, *, path: Path, identities: Sequence[tuple[int, int] | None]) -> None:
    # Without this check, changes to a file that was deleted or replaced would be lost without an error.
    if connection.get_execution_options().get("writes", False) and get_identity(path) != identities[-1]:
        raise BlogError(f"{path} was deleted or replaced while the command was running; its changes are lost")


async def _begin_write(connection: aiosqlite.Connection, lock_timeout: float) -> None:
    """Begin a transaction that writes, and wait up to `lock_timeout` seconds for other writers.

    Each attempt to acquire the lock is short, because Ctrl-C cannot interrupt an attempt.
    """
    deadline = time.monotonic() + lock_timeout
    await connection.execute(f"PRAGMA busy_timeout = {_RETRY_MS}")
    while True:
        try:
            await connection.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
    await connection.execute(f"PRAGMA busy_timeout = {round(lock_timeout * 1000)}")


def _matches(pattern: str, text: str | None) -> bool:
    return text is not None and _compile(pattern).search(text) is not None


@lru_cache(maxsize=16)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
