"""Read all rows of a table in the form of a backup, which is the same for both database systems.

A flag is 0 or 1, an instant has the format that SQLite stores, a UUID has 32 hexadecimal digits, and JSON is text.
SQLite stores these values. On PostgreSQL, the query converts them.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from .images import convert_image
from .tables import ColumnKind, TransferTable

# The values of a row in the order of the columns: int, str or None. SQLite can also return bytes and float, if another
# program has written such values.
Values: TypeAlias = Sequence[Any]

_BATCH = 1_000
# The approximate maximum size of a batch in bytes.
_MAX_BATCH_BYTES = 8_000_000
_FORMATS = {
    ColumnKind.PLAIN: "{0}",
    ColumnKind.FLAG: "{0}::int",
    ColumnKind.UUID: "replace({0}::text, '-', '')",
    ColumnKind.JSON: "{0}::text",
    ColumnKind.IMAGE: "{0}::text",
    # The driver stores `datetime.min` and `datetime.max` as infinities, which to_char cannot format.
    ColumnKind.INSTANT: (
        "CASE {0} WHEN 'infinity' THEN '9999-12-31T23:59:59.999999Z' "
        "WHEN '-infinity' THEN '0001-01-01T00:00:00.000000Z' "
        "ELSE to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') END"
    ),
}


async def read_rows(connection: AsyncConnection, table: TransferTable) -> AsyncIterator[Sequence[Values]]:
    """Yield the rows of a table in batches, in the order of the key. Batches of large rows are smaller.

    Each batch is read by a query of its own, because asyncpg closes a cursor only at the end of the transaction, and an
    open cursor prevents changes of the table.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    convert = None if is_sqlite else _image_converter(table)
    key = [table.columns.index(column) for column in table.key]
    after: Values | None = None
    size = 1
    while rows := (await connection.execute(_select(table, after, size, is_sqlite=is_sqlite))).all():
        after = [rows[-1][position] for position in key]
        fitting = _MAX_BATCH_BYTES * len(rows) // max(sum(map(_weigh, rows)), 1)
        size = max(1, min(_BATCH, 2 * size, fitting))
        yield [convert(row) for row in rows] if convert else rows
        # Without this statement, the rows would stay in memory while the next rows are read.
        del rows


def _select(table: TransferTable, after: Values | None, limit: int, *, is_sqlite: bool) -> TextClause:
    """Return the statement that selects the first rows of a table, or the first rows whose keys are greater."""
    columns = ", ".join(
        column if is_sqlite else f"{_FORMATS[kind].format(column)} AS {column}_"
        for column, kind in zip(table.columns, table.kinds, strict=True)
    )
    key = ", ".join(table.key)
    values = {f"key{position}": value for position, value in enumerate(after or ())}
    # Only the table `blog` has a key that is not a number.
    parameters = ("CAST(:key0 AS uuid)",) if table.name == "blog" and not is_sqlite else (f":{name}" for name in values)
    condition = f"WHERE ({key}) > ({', '.join(parameters)})" if values else ""
    statement = text(f"SELECT {columns} FROM {table.name} {condition} ORDER BY {key} LIMIT :limit")  # noqa: S608 - all names are constants
    return statement.bindparams(limit=limit, **values)


def _image_converter(table: TransferTable) -> Callable[[Values], Values] | None:
    """Return a function that converts the image in a row of the journal, or None for another table."""
    positions = table.positions(ColumnKind.IMAGE)
    if not positions:
        return None
    (position,) = positions
    number = table.columns.index("table_no")

    def convert(row: Values) -> Values:
        if row[position] is None:
            return row
        return (*row[:position], convert_image(row[number], row[position]), *row[position + 1 :])

    return convert


def _weigh(row: Values) -> int:
    return sum(len(value) for value in row if isinstance(value, (str, bytes)))


async def read_blog(connection: AsyncConnection) -> str | None:
    """Return the UUID of the blog, or None if its row is missing."""
    value = await connection.scalar(text("SELECT uuid FROM blog"))
    return None if value is None else str(UUID(str(value)))


async def count_rows(connection: AsyncConnection, table: TransferTable) -> int:
    """Return the number of rows of a table."""
    return await connection.scalar(text(f"SELECT count(*) FROM {table.name}")) or 0  # noqa: S608 - the name is a constant


async def read_last_id(connection: AsyncConnection, table: TransferTable) -> int:
    """Return the last id that the database has generated for a table, or 0 if it has generated none."""
    if connection.dialect.name == "sqlite":
        statement = text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name")
        return await connection.scalar(statement, {"name": table.name}) or 0
    sequence = await connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
    query = text(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}")  # noqa: S608 - the server has returned the name
    return int(await connection.scalar(query))


def read_generated_ids(connection: sqlite3.Connection) -> Sequence[Values]:
    """Return the last ids that a SQLite database has generated, and the version of its schema."""
    (version,) = connection.execute("PRAGMA schema_version").fetchall()
    has_ids = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'").fetchall()
    ids = connection.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall() if has_ids else []
    return [version, *ids]
