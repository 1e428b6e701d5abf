"""Queries about the database and its server, and operations that concern all tables."""

import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ...models.indexes import metadata

# The number of the advisory lock for migrations. Other programs should not use this number in the same database.
_MIGRATION_LOCK = 0x626C6F67


async def table_counts(connection: AsyncConnection) -> dict[str, int]:
    """Return the number of rows in each table of the models. Tables that do not exist are omitted."""
    existing = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    return {
        name: await connection.scalar(select(func.count()).select_from(table)) or 0
        for name, table in metadata.tables.items()
        if name in existing
    }


async def size(connection: AsyncConnection) -> int:
    """Return the size of the database on disk, in bytes."""
    if connection.dialect.name == "sqlite":
        pages = await connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
        return int(pages)
    return int(await connection.scalar(text("SELECT pg_database_size(current_database())")))


async def version(connection: AsyncConnection) -> str:
    """Return the name and version of the server, such as `SQLite 3.45.1` or `PostgreSQL 16.2`."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {await connection.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {await connection.scalar(text('SHOW server_version'))}"


async def round_trip(connection: AsyncConnection) -> float:
    """Execute a minimal statement three times, and return the shortest of the three times in milliseconds."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        await connection.scalar(text("SELECT 1"))
        times.append(time.perf_counter() - start)
    return round(min(times) * 1000, 3)


def lock_for_migrations(connection: Connection) -> None:
    """Acquire the lock for migrations, which is held until the transaction ends."""
    # SQLite needs no such lock, because only one transaction can write at a time.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))


def begin_snapshot(connection: Connection) -> None:
    """Begin a transaction in which all statements read the same state of the database."""
    connection.rollback()
    # A transaction of SQLite reads the same state in any case.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


@contextmanager
def quiet_reflection() -> Iterator[None]:
    """Suppress warnings about indexes on expressions and about computed columns inside the block.

    SQLAlchemy warns that it cannot reflect indexes on expressions in SQLite, and Alembic warns that it cannot alter
    computed columns. `schema_checks.missing_indexes` and `schema_checks.altered_computed_columns` check them instead.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index")
        warnings.filterwarnings("ignore", "Computed default")
        yield


def run_statements(connection: Connection, statements: Sequence[str]) -> None:
    """Execute statements without parameters in order."""
    for statement in statements:
        connection.exec_driver_sql(statement)


def existing_columns(connection: Connection) -> dict[str, set[str]]:
    """Return the names of the columns of those tables of the models that exist, by the name of the table."""
    inspector = inspect(connection)
    names = metadata.tables.keys() & set(inspector.get_table_names())
    return {name: {column["name"] for column in inspector.get_columns(name)} for name in names}


def missing_columns(connection: Connection) -> list[str]:
    """Return the names of the tables and columns that the models define and the database lacks."""
    existing = existing_columns(connection)
    missing = sorted(metadata.tables.keys() - existing.keys())
    for name in sorted(existing):
        missing += [
            f"{name}.{column.name}" for column in metadata.tables[name].columns if column.name not in existing[name]
        ]
    return missing
