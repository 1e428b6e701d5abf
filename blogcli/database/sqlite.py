"""SQLite: one file, opened with what makes it safe for several processes at once."""

import os
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
from sqlalchemy.pool import NullPool

from ..enums import IfMissing
from ..errors import BlogError, ConfigurationError
from ..repositories.db.version_table import SQLITE_REVISION_COUNTS
from ..settings import Settings
from ..urls import SqliteUrl
from .recorded_revision import read_recorded_revision
from .revisions import head_revision

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

    return _engine(connect, url, settings)


def create_inspection_engine(url: SqliteUrl, settings: Settings) -> AsyncEngine:
    """An engine on a file of whatever revision."""
    return _engine(lambda: _open_existing(url, settings), url, settings)


def create_migration_engine(url: SqliteUrl, settings: Settings, *, if_missing: IfMissing) -> AsyncEngine:
    """Return an engine for migrations, which enforces no foreign keys.

    Altering a table on SQLite copies and drops it; with foreign keys on, the drop would cascade. A file that is missing
    is created, refused, or, for a dry run that only pretends to create it, replaced by a database in memory.
    """

    async def connect() -> aiosqlite.Connection:
        if if_missing is IfMissing.REFUSE or (if_missing is IfMissing.PRETEND and url.path.exists()):
            return await _open_existing(url, settings)
        if if_missing is IfMissing.PRETEND:
            return await _connect("file::memory:")
        _make_private(url.path)
        connection = await _open(url, settings)
        try:
            await _prepare_file(connection, url.path)
        except BaseException:
            await connection.close()
            raise
        return connection

    return _engine(connect, url, settings)


async def _prepare_file(connection: aiosqlite.Connection, path: Path) -> None:
    """Set what the file itself remembers, unless it is another program's."""
    record = await read_recorded_revision(connection.execute_fetchall, "sqlite")
    ((encoding,),) = await connection.execute_fetchall("PRAGMA encoding")
    if record.revision is None and encoding != "UTF-8":
        # Texts in UTF-16 do not sort in the order of their characters.
        raise ConfigurationError(f"{path} is in {encoding}; blogcli needs UTF-8", hint="Remove the empty file.")
    # WAL lets readers go on while another process writes.
    await connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")


async def _prepare(connection: aiosqlite.Connection) -> None:
    # Foreign keys are off until asked for. FULL, because a command that said "Created" must survive a power cut.
    # In the 2 MB that are its default, SQLite does not keep even the inner pages of a large table.
    await connection.executescript("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000")
    await connection.create_function("blogcli_matches", 2, _matches, deterministic=True)
    await _verify_revision(connection)


async def _open_existing(url: SqliteUrl, settings: Settings) -> aiosqlite.Connection:
    if not url.path.exists():
        raise ConfigurationError(f"There is no database at {url.path}", hint="Run `blogcli db upgrade`.")
    return await _open(url, settings)


async def _open(url: SqliteUrl, settings: Settings) -> aiosqlite.Connection:
    return await _connect(f"{url.path.as_uri()}?{_mode(url.path)}", timeout=settings.busy_timeout)


async def _connect(address: str, **how: Any) -> aiosqlite.Connection:  # noqa: ANN401 - what sqlite3.connect takes
    # isolation_level=None leaves BEGIN to us: only so are DDL and savepoints transactional on Python 3.11.
    connection = aiosqlite.connect(address, uri=True, isolation_level=None, **how)
    try:
        await connection
    except BaseException:
        # The thread fails if the event loop is closed before it has reported its end, also on a cancellation.
        connection._thread.join()  # noqa: SLF001 - aiosqlite offers no other way
        raise
    return connection


def _mode(path: Path) -> str:
    """Return how SQLite is to open a file; ConfigurationError where it could not even read it."""
    # Never created here, even if the file goes away meanwhile.
    if os.access(path.parent, os.W_OK):
        return "mode=rw"
    # Beside the file SQLite needs another one for whoever reads while others write. Where it cannot be created, nobody
    # is writing, and the file can be read as it is, unless a command that was killed has left changes behind.
    left_behind = [each for each in (Path(f"{path}-wal"), Path(f"{path}-journal")) if _has_content(each)]
    if not left_behind:
        return "mode=ro&immutable=1"
    if Path(f"{path}-shm").exists():
        return "mode=ro"
    raise ConfigurationError(
        f"{path} cannot be read: {left_behind[0].name} holds changes to it, and the directory is read-only",
        hint="Copy both files to a directory that can be written, and read the copy.",
    )


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


async def _verify_revision(connection: aiosqlite.Connection) -> None:
    """Raise ConfigurationError unless the database is at the code's revision."""
    with suppress(sqlite3.OperationalError):
        if list(await connection.execute_fetchall(SQLITE_REVISION_COUNTS, (head_revision(),))) == [(1, 1)]:
            return
    # There is no such table, or another revision in it; what else stands in the way is found here too.
    record = await read_recorded_revision(connection.execute_fetchall, "sqlite")
    record.verify()


def _engine(connect: Callable[[], Awaitable[aiosqlite.Connection]], url: SqliteUrl, settings: Settings) -> AsyncEngine:
    opened: list[tuple[int, int] | None] = []

    async def connect_to_file() -> aiosqlite.Connection:
        connection = await connect()
        opened.append(_identity(url.path))
        return connection

    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=connect_to_file,
        # One command is one connection: there is nothing to pool, and nothing that could have gone stale.
        poolclass=NullPool,
        echo=settings.echo,
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "begin", partial(_begin, patience=settings.busy_timeout))
    event.listen(engine.sync_engine, "commit", partial(_refuse_loss, path=url.path, opened=opened))
    return engine


def _begin(connection: Connection, *, patience: float) -> None:
    # A deferred transaction that turns into a write fails at once when another process wrote meanwhile,
    # whatever the timeout; so a write says at its start that it is one.
    if connection.get_execution_options().get("writes", False):
        connection.connection.run_async(lambda driver: _begin_write(driver, patience))
    else:
        connection.exec_driver_sql("BEGIN")


def _refuse_loss(connection: Connection, *, path: Path, opened: Sequence[tuple[int, int] | None]) -> None:
    # What is written to a file that was deleted, or replaced by another one, is lost with it.
    if connection.get_execution_options().get("writes", False) and _identity(path) != opened[-1]:
        raise BlogError(f"{path} was deleted or replaced meanwhile; what this command wrote is lost with it")


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


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from any other, or None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
