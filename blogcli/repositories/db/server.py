"""What the database server says of itself."""

import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ...models import Base

# Any number will do, as long as nothing else in the database locks on it.
_MIGRATION_LOCK = 0x626C6F67


async def table_counts(connection: AsyncConnection) -> dict[str, int]:
    """The number of rows of each table that exists."""
    there = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    return {
        name: await connection.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name in there
    }


async def size(connection: AsyncConnection) -> int:
    """The bytes that the database takes on disk."""
    if connection.dialect.name == "sqlite":
        pages = await connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
        return int(pages)
    return int(await connection.scalar(text("SELECT pg_database_size(current_database())")))


async def version(connection: AsyncConnection) -> str:
    """The name and version of the server, such as `SQLite 3.45.1` or `PostgreSQL 16.2`."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {await connection.scalar(text('SELECT sqlite_version()'))}"
    return f"PostgreSQL {await connection.scalar(text('SHOW server_version'))}"


async def round_trip(connection: AsyncConnection) -> float:
    """The milliseconds that the smallest statement takes, the best of three."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        await connection.scalar(text("SELECT 1"))
        times.append(time.perf_counter() - start)
    return round(min(times) * 1000, 3)


def lock_for_migrations(connection: Connection) -> None:
    """Wait until no other run migrates this database, and keep others waiting to the end of the transaction."""
    # SQLite's lock is the transaction itself.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))


@contextmanager
def quiet_reflection() -> Iterator[None]:
    """Suppress the warnings that SQLAlchemy cannot reflect SQLite's indexes on expressions: nothing relies on it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*expression-based index")
        yield


def run_statements(connection: Connection, statements: Sequence[str]) -> None:
    """Run statements without parameters, one after the other."""
    for statement in statements:
        connection.exec_driver_sql(statement)


def missing_columns(connection: Connection) -> list[str]:
    """Return the tables and columns of the models that the database does not have."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    missing = sorted(Base.metadata.tables.keys() - there)
    for name in sorted(Base.metadata.tables.keys() & there):
        columns = {column["name"] for column in inspector.get_columns(name)}
        missing += [
            f"{name}.{column.name}" for column in Base.metadata.tables[name].columns if column.name not in columns
        ]
    return missing
