"""Write the rows of a database to a backup file, and load them into an empty database."""

import hashlib
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ... import __version__
from ...archive.reader import ArchiveReader
from ...archive.records import Header, encode
from ...archive.writer import ArchiveWriter
from ...database.recorded_revision import fetch_recorded_revision
from ...database.revisions import is_newer, verify_revision
from ...errors import BlogError, ConfigurationError, InvalidError
from ...reporter import Reporter
from ...repositories.db.server import existing_columns
from ...repositories.invalid_values import read_any_text
from ...repositories.transfer import reading, writing
from ...repositories.transfer.tables import TransferTable, transfer_tables
from ...text.timestamps import rfc_3339


@asynccontextmanager
async def open_snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Yield a connection whose queries all read the same snapshot of the database."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    async with engine.connect() as connection:
        yield connection


async def list_tables(connection: AsyncConnection) -> list[TransferTable]:
    """Return the tables of the blog in a database, which may be at any revision."""
    return list(transfer_tables(await connection.run_sync(existing_columns)))


async def read_header(connection: AsyncConnection, tables: list[TransferTable]) -> Header:
    """Return the header of a backup of a database.

    Raises ConfigurationError if there is no blog in the database, or if a newer version of blogcli made it, whose
    tables may have columns that this version does not know.
    """
    record = await fetch_recorded_revision(connection)
    record.require()
    if record.revision is None:
        raise ConfigurationError("The database is empty", hint="Run `blogcli db upgrade`.")
    if is_newer(record.revision):
        verify_revision(record.revision)
    return Header(
        revision=record.revision,
        blog=await reading.read_blog(connection) if "blog" in {table.name for table in tables} else None,
        created_at=rfc_3339(_now()),
        program=f"blogcli {__version__}",
        counts={table.name: await reading.count_rows(connection, table) for table in tables},
        last_ids={table.name: await reading.read_last_id(connection, table) for table in tables if table.has_ids},
    )


async def write_archive(
    connection: AsyncConnection, writer: ArchiveWriter, *, on_progress: Reporter | None = None
) -> Header:
    """Write all rows of a database to a backup file, and return the header of the file.

    After each batch, `on_progress` receives the number of rows that were written and the number of all rows.
    """
    await read_any_text(connection)
    tables = await list_tables(connection)
    header = await read_header(connection, tables)
    total = sum(header.counts.values())
    written = 0
    writer.write_header(header)
    for table in tables:
        writer.start_table(table.name, table.columns)
        async for rows in reading.read_rows(connection, table):
            writer.write_rows(rows)
            written += len(rows)
            if on_progress:
                on_progress(written, total)
    writer.finish()
    return header


async def load_archive(
    connection: AsyncConnection, archive: ArchiveReader, *, on_progress: Reporter | None = None
) -> None:
    """Insert the rows of a backup into the tables of a database at the revision of the backup, and compare them.

    The tables must be empty. After each batch, `on_progress` receives the number of rows that were written and the
    number of all rows. Raises InvalidError if the backup is damaged, or if the database cannot store a value.
    """
    tables = {table.name: table for table in await list_tables(connection)}
    total = sum(archive.header.counts.values())
    written = 0
    async with writing.suspended_rules(connection, tables.values()):
        for heading, batches in archive.tables():
            table = _match(tables.get(heading.table), heading.table, heading.columns)
            tables[table.name] = table
            await writing.clear(connection, table)
            for rows in batches:
                await writing.write_rows(connection, table, rows)
                written += len(rows)
                if on_progress:
                    on_progress(written, total)
    with_ids = {name for name, table in tables.items() if table.has_ids}
    if archive.digests.keys() != tables.keys() or archive.header.last_ids.keys() != with_ids:
        raise InvalidError("The backup does not contain the tables of its revision")
    for name, last_id in archive.header.last_ids.items():
        await writing.write_last_id(connection, tables[name], last_id)
    await _compare(connection, tables, archive.digests)


async def _compare(
    connection: AsyncConnection, tables: Mapping[str, TransferTable], digests: Mapping[str, str]
) -> None:
    """Compare the rows of a database with the digests of the tables in a backup.

    Raises BlogError if they differ.
    """
    await read_any_text(connection)
    for name, expected in digests.items():
        digest = hashlib.sha256()
        async for rows in reading.read_rows(connection, tables[name]):
            digest.update(b"".join(encode(list(row)) for row in rows))
        if digest.hexdigest() != expected:
            raise BlogError(f"The rows of {name} differ from those in the backup after they were written")


def _match(table: TransferTable | None, name: str, columns: Sequence[str]) -> TransferTable:
    """Return a table with its columns in the order of those in a backup.

    Raises InvalidError if the database does not have exactly these columns.
    """
    if table is None or set(columns) != set(table.columns):
        raise InvalidError(f"The columns of {name} in the backup do not belong to its revision")
    kinds = dict(zip(table.columns, table.kinds, strict=True))
    return replace(table, columns=tuple(columns), kinds=tuple(kinds[column] for column in columns))


def _now() -> datetime:
    """Return the current time in whole seconds, or the time that SOURCE_DATE_EPOCH contains.

    Raises ConfigurationError if the variable contains no time.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise ConfigurationError(f"SOURCE_DATE_EPOCH must be a number of seconds, not {epoch!r}") from None
