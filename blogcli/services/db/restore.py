"""Replace the content of a database with that of a backup."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path
from typing import IO

from alembic import command
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...archive.reader import ArchiveReader
from ...archive.writer import ArchiveWriter
from ...database import open_migration_engine, open_scratch_engine
from ...database.revisions import head_revision
from ...database.sqlite_backup import ChangeDetector, replace_content
from ...database.sqlite_files import read_page_size
from ...enums import IfMissing
from ...reporter import Reporter, null_reporter
from ...repositories.transfer import writing
from ...schemas.db import BackupFile
from ...search.indexing import recreate_index
from ...settings import Settings
from ...urls import SqliteUrl, parse_database_url
from . import archives
from .backups import make_record
from .content import describe_content
from .migration import Migration, begin_migration, require_known

# Opens the file for the backup of the content that is replaced, and closes it at the end of the block.
OpenBackup = Callable[[], AbstractContextManager[IO[bytes]]]


async def inspect(settings: Settings) -> BackupFile | None:
    """Return what a backup of the configured database would contain, or None if there is no blog or it is empty."""
    async with (
        open_migration_engine(settings, if_missing=IfMissing.PRETEND, dry_run=True) as engine,
        archives.open_snapshot(engine) as connection,
    ):
        header = await describe_content(connection)
    return make_record(Path(os.devnull), header) if header else None


async def restore(
    engine: AsyncEngine,
    path: Path,
    settings: Settings,
    *,
    open_backup: OpenBackup | None,
    on_progress: Reporter = null_reporter,
) -> None:
    """Replace the whole content of a database with that of a backup, or change nothing.

    An older backup is upgraded to the newest revision. If `open_backup` is given and the database is not empty, its
    content is first written to the backup file that `open_backup` opens. Raises TryAgainError if another command has
    changed the blog after this backup, and InvalidError if the file `path` is damaged or not a backup.
    """
    archive = ArchiveReader(path)
    require_known(archive.header.revision)
    url = parse_database_url(settings.database_url)
    if isinstance(url, SqliteUrl):
        await _restore_to_sqlite(engine, url, archive, settings, open_backup, on_progress)
        return
    async with begin_migration(engine, dry_run=False) as migration:
        if await describe_content(migration.connection) and open_backup:
            await writing.lock_tables(migration.connection, await archives.list_tables(migration.connection))
            await _back_up(migration.connection, open_backup)
        await _replace_tables(migration, archive, on_progress)


async def _restore_to_sqlite(
    engine: AsyncEngine,
    url: SqliteUrl,
    archive: ArchiveReader,
    settings: Settings,
    open_backup: OpenBackup | None,
    on_progress: Reporter,
) -> None:
    """Build the database in a temporary file, and copy the file over the database in one transaction."""
    # SQLite cannot change the size of the pages of a database that is in WAL mode.
    async with open_scratch_engine(settings, page_size=read_page_size(url.path)) as scratch:
        async with begin_migration(scratch, dry_run=False) as migration:
            await _replace_tables(migration, archive, on_progress)
        detector: ChangeDetector | None = None
        if url.path.exists():
            detector = ChangeDetector(url.path)
            async with archives.open_snapshot(engine) as connection:
                if await describe_content(connection) and open_backup:
                    await _back_up(connection, open_backup)
        with closing(detector) if detector else nullcontext():
            async with scratch.connect() as connection:
                await replace_content(connection, url, settings, detector=detector)


async def _replace_tables(migration: Migration, archive: ArchiveReader, on_progress: Reporter) -> None:
    """Remove all tables, and create them again with the rows of a backup at the newest revision."""
    migration.record.require()
    await migration.move(command.downgrade, None)
    await migration.move(command.upgrade, archive.header.revision)
    await archives.load_archive(migration.connection, archive, on_progress=on_progress)
    await migration.move(command.upgrade, head_revision())
    await migration.connection.run_sync(recreate_index, on_progress=on_progress)


async def _back_up(connection: AsyncConnection, open_backup: OpenBackup) -> None:
    with open_backup() as file:
        await archives.write_archive(connection, ArchiveWriter(file, is_compressed=True))
