"""Back up a database, and verify a backup."""

from pathlib import Path
from typing import IO

from alembic import command
from sqlalchemy.ext.asyncio import AsyncEngine

from ...archive.reader import ArchiveReader
from ...archive.records import Header
from ...archive.writer import ArchiveWriter
from ...database import open_scratch_engine
from ...reporter import Reporter
from ...settings import Settings
from . import archives
from .migration import begin_migration, require_known


async def backup(
    engine: AsyncEngine, file: IO[bytes], *, is_compressed: bool, on_progress: Reporter | None = None
) -> Header:
    """Write all rows of a database to a backup file, from one snapshot, while other commands write.

    Raises ConfigurationError if there is no blog in the database.
    """
    async with archives.open_snapshot(engine) as connection:
        writer = ArchiveWriter(file, is_compressed=is_compressed)
        return await archives.write_archive(connection, writer, on_progress=on_progress)


async def verify(path: Path, settings: Settings, *, on_progress: Reporter | None = None) -> Header:
    """Restore a backup into a temporary database, compare all rows with the backup, and return its header.

    Raises InvalidError if the file is damaged or not a backup, and ConfigurationError if its revision is unknown.
    """
    archive = ArchiveReader(path)
    require_known(archive.header.revision)
    async with open_scratch_engine(settings) as engine, begin_migration(engine, dry_run=False) as migration:
        await migration.move(command.upgrade, archive.header.revision)
        await archives.load_archive(migration.connection, archive, on_progress=on_progress)
    return archive.header
