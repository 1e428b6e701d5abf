"""Copy a blog to another database."""

import hashlib
import marshal
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...archive.records import Header
from ...database import open_migration_engine
from ...database.recorded_revision import fetch_recorded_revision
from ...database.revisions import head_revision
from ...database.sessions import WRITE_OPTIONS
from ...database.sqlite_files import get_identity
from ...enums import IfMissing
from ...errors import BlogError, ConflictError, UsageError
from ...reporter import Reporter, null_reporter
from ...repositories.db.version_table import UNFINISHED_COPY
from ...repositories.invalid_values import read_any_text
from ...repositories.transfer import reading, writing
from ...repositories.transfer.reading import Values
from ...repositories.transfer.tables import TransferTable
from ...schemas.db import BlogCopy
from ...search.indexing import recreate_index
from ...settings import Settings
from ...urls import SqliteUrl, parse_database_url
from . import archives
from .content import has_content
from .migration import begin_migration

# The number of rows that are written in one transaction. Fewer large rows are written at once.
_TRANSACTION_ROWS = 20_000
_TRANSACTION_BATCHES = 40


def _refuse_same_database(source: Settings, target: Settings) -> None:
    """Raise UsageError if both settings name the same database."""
    urls = [parse_database_url(settings.database_url) for settings in (source, target)]
    paths = [url.path for url in urls if isinstance(url, SqliteUrl)]
    files = {get_identity(path) or path for path in paths}
    if urls[0] == urls[1] or len(files) < len(paths):
        raise UsageError("The target is the database itself", hint="Name another database.")


async def copy(
    engine: AsyncEngine,
    settings: Settings,
    target: Settings,
    *,
    restart: bool = False,
    dry_run: bool = False,
    on_copied: Reporter = null_reporter,
    on_verified: Reporter = null_reporter,
    on_indexed: Reporter = null_reporter,
) -> BlogCopy:
    """Copy the blog of the database of `settings`, as of one snapshot, to the database of the settings `target`.

    An unfinished copy is continued after the last row that was written. If `restart` is set, it is discarded instead.
    Until the copy is complete and every row was compared with the original, no command uses the target. A dry run only
    checks that the target may be used.

    Raises ConflictError if the target contains a blog, an unfinished copy of another blog, or rows of an earlier state.
    """
    async with (
        archives.open_snapshot(engine) as source,
        open_migration_engine(
            target, if_missing=IfMissing.PRETEND if dry_run else IfMissing.CREATE, dry_run=dry_run
        ) as target_engine,
    ):
        _refuse_same_database(settings, target)
        (await fetch_recorded_revision(source)).verify()
        await read_any_text(source)
        tables = await archives.list_tables(source)
        header = await archives.read_header(source, tables)
        await _prepare(target_engine, header, restart=restart, dry_run=dry_run)
        if not dry_run:
            transfer = _Transfer(source, target_engine, tables, header)
            await transfer.copy_rows(on_copied)
            await transfer.verify(on_verified)
            await transfer.finish(on_indexed)
    counts = header.counts
    return BlogCopy(users=counts["users"], posts=counts["posts"], tags=counts["tags"], rows=sum(header.counts.values()))


async def _prepare(engine: AsyncEngine, header: Header, *, restart: bool, dry_run: bool) -> None:
    """Create the tables in the target, and mark the target as an unfinished copy."""
    async with engine.execution_options(**WRITE_OPTIONS).begin() as connection:
        is_unfinished = (await fetch_recorded_revision(connection)).is_unfinished_copy
        if is_unfinished and not restart:
            if await reading.read_blog(connection) not in (None, header.blog):
                raise ConflictError(
                    "The target contains an unfinished copy of another blog", hint="Add --restart to discard it."
                )
            return
        if is_unfinished and not dry_run:
            await writing.write_revision(connection, head_revision())
    if is_unfinished and dry_run:
        return
    async with begin_migration(engine, dry_run=dry_run) as migration:
        migration.record.require()
        if not is_unfinished and migration.record.has_tables and await has_content(migration.connection):
            raise ConflictError("The target contains a blog", hint="Choose an empty database.")
        await migration.move(command.downgrade, None)
        await migration.move(command.upgrade, head_revision())
        for table in await archives.list_tables(migration.connection):
            await writing.clear(migration.connection, table)
        await writing.write_revision(migration.connection, UNFINISHED_COPY)


class _Part(NamedTuple):
    """Rows of one table that are written in one transaction."""

    table: TransferTable
    rows: Sequence[Values]


class _Transfer:
    """A copy of all rows from one database to another."""

    def __init__(
        self, source: AsyncConnection, target: AsyncEngine, tables: Sequence[TransferTable], header: Header
    ) -> None:
        self._total = sum(header.counts.values())
        self._source = source
        self._target = target.execution_options(**WRITE_OPTIONS)
        self._tables = tables
        self._header = header
        self._digests: dict[str, str] = {}
        self._is_continued = False

    async def copy_rows(self, on_progress: Reporter) -> None:
        """Read all rows of the source, and write those that the target does not have."""
        last_keys = await self._read_last_keys()
        done = 0
        parts: list[_Part] = []
        for table in self._tables:
            digest = hashlib.sha256()
            last_key = last_keys[table.name]
            async for rows in reading.read_rows(self._source, table):
                digest.update(_encode(rows))
                done += len(rows)
                parts.append(_Part(table, _rows_after(table, last_key, rows)))
                if len(parts) >= _TRANSACTION_BATCHES or sum(len(part.rows) for part in parts) >= _TRANSACTION_ROWS:
                    await self._write(parts)
                    on_progress(done, self._total)
            self._digests[table.name] = digest.hexdigest()
        await self._write(parts)

    async def verify(self, on_progress: Reporter) -> None:
        """Compare all rows of the target with those of the source.

        Raises ConflictError if they differ because an unfinished copy was continued after the source had changed.
        """
        done = 0
        async with self._target.connect() as connection:
            await read_any_text(connection)
            for table in self._tables:
                digest = hashlib.sha256()
                async for rows in reading.read_rows(connection, table):
                    digest.update(_encode(rows))
                    done += len(rows)
                    on_progress(done, self._total)
                if digest.hexdigest() != self._digests[table.name]:
                    self._report_difference(table)

    async def finish(self, on_progress: Reporter) -> None:
        """Create the search index, and make the target a usable blog."""
        async with self._target.begin() as connection:
            for name, last_id in self._header.last_ids.items():
                await writing.write_last_id(connection, self._find(name), last_id)
            await connection.run_sync(recreate_index, on_progress=on_progress)
            await writing.collect_statistics(connection, self._tables)
            await writing.write_revision(connection, self._header.revision)

    async def _read_last_keys(self) -> dict[str, tuple[Any, ...] | None]:
        async with self._target.connect() as connection:
            keys = {table.name: await writing.read_last_key(connection, table) for table in self._tables}
        self._is_continued = any(key is not None for key in keys.values())
        return keys

    async def _write(self, parts: list[_Part]) -> None:
        """Write parts in one transaction, and empty the list."""
        if any(part.rows for part in parts):
            async with self._target.begin() as connection:
                tables = {part.table.name: part.table for part in parts}
                async with writing.suspended_rules(connection, tables.values()):
                    for table, rows in parts:
                        if rows:
                            await writing.write_rows(connection, table, rows)
        parts.clear()

    def _report_difference(self, table: TransferTable) -> None:
        if self._is_continued:
            raise ConflictError(
                f"The {table.name} of the unfinished copy belong to an earlier state of the blog",
                hint="Add --restart to copy everything again.",
            )
        raise BlogError(f"The rows of {table.name} in the target differ from those in the source")

    def _find(self, name: str) -> TransferTable:
        return next(table for table in self._tables if table.name == name)


def _encode(rows: Iterable[Values]) -> bytes:
    """Return bytes that are equal for equal rows. `marshal` is several times as fast as JSON."""
    # Version 2 of the format does not depend on which of the values are the same objects.
    return b"".join([marshal.dumps(tuple(row), 2) for row in rows])


def _rows_after(table: TransferTable, last_key: tuple[Any, ...] | None, rows: Sequence[Values]) -> Sequence[Values]:
    """Return the rows whose keys are greater than the last key of the target."""
    if last_key is None:
        return rows
    positions = [table.columns.index(column) for column in table.key]
    return [row for row in rows if tuple(row[position] for position in positions) > last_key]
