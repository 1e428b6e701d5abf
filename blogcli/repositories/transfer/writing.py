"""Write rows in the form of a backup to empty tables (see `reading.py`)."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import DataError, IntegrityConstraintViolationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from ...errors import InvalidError
from ..db.version_table import VERSION_TABLE
from ..invalid_values import check_content, check_row
from ..value_rules import COLUMN_RULES
from .reading import Values
from .tables import ColumnKind, TransferTable

# The driver stores these instants as infinities, as it does for instants that commands write.
_CONVERSIONS: Mapping[ColumnKind, Callable[[Any], object]] = {
    ColumnKind.FLAG: bool,
    ColumnKind.UUID: UUID,
    ColumnKind.INSTANT: datetime.fromisoformat,
}

# The exceptions of asyncpg, and of the conversion of values, for a value that PostgreSQL cannot store.
_UNSTORABLE = (ValueError, TypeError, AttributeError, OverflowError, DataError, IntegrityConstraintViolationError)


@asynccontextmanager
async def suspended_rules(connection: AsyncConnection, tables: Iterable[TransferTable]) -> AsyncIterator[None]:
    """Disable the triggers of tables inside the block, so that the journal does not record the rows that are written.

    On SQLite, the triggers are dropped and created again, and CHECK constraints are not enforced, because a blog may
    contain rows that another program has written.
    """
    if connection.dialect.name == "sqlite":
        triggers = await connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
        definitions = dict(tuple(row) for row in triggers)
        disable = ["PRAGMA ignore_check_constraints = ON", *(f"DROP TRIGGER {name}" for name in definitions)]
        enable = ["PRAGMA ignore_check_constraints = OFF", *definitions.values()]
    else:
        names = [table.name for table in tables]
        disable = [f"ALTER TABLE {name} DISABLE TRIGGER USER" for name in names]
        enable = [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in names]
    for statement in disable:
        await connection.exec_driver_sql(statement)
    yield
    for statement in enable:
        await connection.exec_driver_sql(statement)


async def read_last_key(connection: AsyncConnection, table: TransferTable) -> tuple[Any, ...] | None:
    """Return the greatest key of a table, in which the values have the form of a backup, or None for an empty table."""
    key = ", ".join(table.key)
    order = ", ".join(f"{column} DESC" for column in table.key)
    query = text(f"SELECT {key} FROM {table.name} ORDER BY {order} LIMIT 1")  # noqa: S608 - all names are constants
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return tuple(value.hex if isinstance(value, UUID) else value for value in row)


async def write_revision(connection: AsyncConnection, revision: str) -> None:
    """Record the revision of a database, or UNFINISHED_COPY until all rows were written."""
    await connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"), {"revision": revision})  # noqa: S608 - the name is a constant


async def collect_statistics(connection: AsyncConnection, tables: Iterable[TransferTable]) -> None:
    """Collect the statistics of new tables that the query planner of PostgreSQL needs."""
    if connection.dialect.name == "postgresql":
        names = ", ".join([*(table.name for table in tables), "post_search"])
        await connection.exec_driver_sql(f"ANALYZE {names}")


async def lock_tables(connection: AsyncConnection, tables: Iterable[TransferTable]) -> None:
    """Prevent other transactions on PostgreSQL from reading or writing tables until the current transaction ends."""
    names = ", ".join(table.name for table in tables)
    await connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


async def clear(connection: AsyncConnection, table: TransferTable) -> None:
    """Delete the rows of a table that a migration has inserted."""
    await connection.execute(text(f"DELETE FROM {table.name}"))  # noqa: S608 - the name is a constant


async def write_rows(connection: AsyncConnection, table: TransferTable, rows: Sequence[Values]) -> None:
    """Insert rows in the fastest way that the database supports.

    Raises InvalidError if a row contains a value that the database cannot store.
    """
    if connection.dialect.name == "sqlite":
        await _write_to_sqlite(connection, table, rows)
        return
    driver: Any = (await connection.get_raw_connection()).driver_connection
    try:
        records = _convert_rows(table, rows)
        await driver.copy_records_to_table(table.name, records=records, columns=table.columns)
    except _UNSTORABLE as error:
        raise _make_error(table, rows, error) from error


async def write_last_id(connection: AsyncConnection, table: TransferTable, last_id: int) -> None:
    """Set the last id that the database has generated for a table, so that this id is not used again."""
    if connection.dialect.name == "sqlite":
        await connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        if last_id:
            statement = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :id)")
            await connection.execute(statement, {"name": table.name, "id": last_id})
        return
    # A sequence that has generated no id returns its minimum value first.
    statement = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), CAST(:id AS bigint), :is_called)")
    values = {"name": table.name, "id": max(last_id, 1), "is_called": last_id > 0}
    await connection.execute(statement, values)


async def _write_to_sqlite(connection: AsyncConnection, table: TransferTable, rows: Sequence[Values]) -> None:
    columns = ", ".join(table.columns)
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({{}})"  # noqa: S608 - all names are constants
    try:
        plain = statement.format(", ".join("?" * len(table.columns)))
        # If a row fails, the rows before it are removed.
        async with connection.begin_nested():
            await connection.exec_driver_sql(plain, [tuple(row) for row in rows])
    except UnicodeEncodeError:
        # A text that is not valid UTF-8 contains surrogates instead of the invalid bytes.
        for row in rows:
            invalid = {position for position, value in enumerate(row) if _has_surrogates(value)}
            values = tuple(
                value.encode(errors="surrogateescape") if position in invalid else value
                for position, value in enumerate(row)
            )
            parameters = ("CAST(? AS TEXT)" if position in invalid else "?" for position in range(len(row)))
            await connection.exec_driver_sql(statement.format(", ".join(parameters)), values)
    except (DBAPIError, OverflowError) as error:
        raise _make_error(table, rows, error) from error


def _has_surrogates(value: object) -> bool:
    if not isinstance(value, str) or value.isascii():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def _convert_rows(table: TransferTable, rows: Sequence[Values]) -> Sequence[Values]:
    conversions = [(position, _CONVERSIONS[kind]) for position, kind in enumerate(table.kinds) if kind in _CONVERSIONS]
    if not conversions:
        return rows
    converted = [list(row) for row in rows]
    for position, convert in conversions:
        for row in converted:
            if row[position] is not None:
                row[position] = convert(row[position])
    return converted


def _make_error(table: TransferTable, rows: Sequence[Values], error: Exception) -> Exception:
    """Return an error that names the invalid values in the rows. If there are none, the error contains the reason."""
    if table.name in COLUMN_RULES:
        for row in rows:
            values = dict(zip(table.columns, row, strict=True))
            faults = [*check_row(table.name, values)]
            if table.name == "posts" and (fault := check_content(values["id"], values["content"])):
                faults.append(fault)
            if faults:
                return InvalidError("; ".join(faults), hint="Run `blogcli db check` on the original database.")
    reason = error.orig if isinstance(error, DBAPIError) else error
    return InvalidError(f"A row of {table.name} cannot be stored: {reason}")
