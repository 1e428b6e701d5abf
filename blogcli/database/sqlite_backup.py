"""Copy whole SQLite databases, and build a database in a temporary file."""

import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, cast

import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..errors import BlogError, TryAgainError
from ..reporter import Reporter, null_reporter
from ..repositories.transfer.reading import read_generated_ids
from ..settings import Settings
from ..urls import SqliteUrl
from .failures import CommitState, translate_errors
from .sqlite import build_engine, open_connection
from .sqlite_files import choose_mode, create_private_file

# If the file name is empty, SQLite opens a temporary database in the folder SQLITE_TMPDIR or TMPDIR, or in /var/tmp.
# The file is deleted when the connection is closed or the process is killed.
_TEMPORARY = "file:"
# The number of pages that are copied before the progress is reported.
_PAGES = 4_000
_RETRY = 0.1


def create_engine(settings: Settings, page_size: int | None) -> AsyncEngine:
    """Return an engine for migrations of an empty temporary database, which is lost when its connection is closed.

    The pages have `page_size` bytes, or the default size if it is None.
    """

    async def connect() -> aiosqlite.Connection:
        connection = await open_connection(_TEMPORARY)
        await connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -64000")
        if page_size:
            await connection.execute(f"PRAGMA page_size = {page_size}")
        return connection

    return build_engine(connect, SqliteUrl(Path("/dev/null")), settings, keeps_connection=True)


def copy_file(path: Path, target: Path) -> None:
    """Copy a database to an empty file while other processes write, and check the copy.

    Raises BlogError if the database is damaged.
    """
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?{choose_mode(path)}", uri=True)) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        # A copy in WAL mode would need a second file as soon as it is opened.
        copy.execute("PRAGMA journal_mode = DELETE")
        (message,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if message != "ok":
        raise BlogError(f"{path} is damaged: {message}", hint="Run `blogcli db check`.")


async def replace_content(
    scratch: AsyncConnection,
    url: SqliteUrl,
    settings: Settings,
    *,
    detector: "ChangeDetector | None" = None,
    on_progress: Reporter = null_reporter,
) -> None:
    """Replace the whole content of the database at `url` with that of the connection `scratch`, or change nothing.

    The file is created if it does not exist. Other processes see either the former or the new content. Raises
    TryAgainError if the database was changed since the detector was created, or if it remains locked for longer than
    the setting busy_timeout.
    """
    create_private_file(url.path)
    driver = cast("aiosqlite.Connection", (await scratch.get_raw_connection()).driver_connection)
    copy = _Copy(url.path, settings.busy_timeout, detector, on_progress)
    execute: Any = driver._execute  # noqa: SLF001 - the backup has to run in the thread of the connection
    with translate_errors(url, CommitState()):
        await execute(partial(copy.run, driver._conn))  # noqa: SLF001 - aiosqlite would use the target in a wrong thread


class ChangeDetector:
    """Detects whether another connection has changed a blog since the detector was created.

    The ids that SQLite has generated are compared, because the journal gives an id to each change.
    """

    def __init__(self, path: Path) -> None:
        address = f"{path.as_uri()}?{choose_mode(path)}"
        # The copy uses the detector in another thread.
        self._connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        self._state = self._read_state()

    def has_changed(self) -> bool:
        """Return whether the blog was changed."""
        return self._read_state() != self._state

    def close(self) -> None:
        """Close the connection of the detector."""
        self._connection.close()

    def _read_state(self) -> object:
        return read_generated_ids(self._connection)


class _Copy:
    """A copy of all pages of a database to another database in one transaction."""

    def __init__(self, path: Path, lock_timeout: float, detector: ChangeDetector | None, on_progress: Reporter) -> None:
        self._path = path
        self._lock_timeout = lock_timeout
        self._deadline = time.monotonic() + lock_timeout
        self._detector = detector
        self._on_progress = on_progress
        self._is_locked = False

    def run(self, source: sqlite3.Connection) -> None:
        """Copy the pages, and report the progress."""
        address = f"{self._path.as_uri()}?{choose_mode(self._path)}"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=self._lock_timeout)) as target:
            target.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 0")
            # The last step commits the transaction, so at least one page must remain after the first step.
            (pages,) = source.execute("PRAGMA page_count").fetchone()
            source.backup(target, pages=max(1, min(_PAGES, pages - 1)), progress=self._handle_step, sleep=_RETRY)

    def _handle_step(self, status: int, remaining: int, total: int) -> None:
        # An exception ends the copy, and SQLite rolls back the transaction.
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() >= self._deadline:
                raise TryAgainError("Another command is writing to the database", hint="Run the command again.")
            return
        if not self._is_locked:
            self._is_locked = True
            if self._detector and self._detector.has_changed():
                raise TryAgainError(
                    "The blog was changed during the restore; nothing was replaced", hint="Run the command again."
                )
        self._on_progress(total - remaining, total)
