"""Insert many rows with one statement, and skip rows that exist."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Dialect, Insert, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from ..models import Base


class InsertOrIgnore(Insert):
    """An INSERT statement that skips a row if its unique values exist, or are being inserted by another transaction."""

    inherit_cache = True


@compiles(InsertOrIgnore)
def _on_conflict_do_nothing(element: InsertOrIgnore, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    return f"{compiler.visit_insert(element, **kw)} ON CONFLICT DO NOTHING"  # type: ignore[no-untyped-call]  # SQLAlchemy does not annotate this method


async def insert_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in the fastest way that the database supports.

    All rows must have the same columns as the first row. Default values of the models are not applied.
    """
    if not rows:
        return
    connection = await session.connection()
    dialect = connection.dialect
    columns = [column for column in table.columns if column.name in rows[0]]
    values = list(zip(*(_driver_values(column, rows, dialect) for column in columns), strict=True))
    names = [column.name for column in columns]
    if dialect.name == "postgresql":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        if not driver.is_in_transaction():
            # SQLAlchemy begins the transaction with its first statement. A COPY before that would be committed at once.
            await connection.execute(select(1))
        await driver.copy_records_to_table(table.name, records=values, columns=names)
    else:
        statement = insert(table).inline().compile(dialect=dialect, column_keys=names)
        await connection.exec_driver_sql(str(statement), values)


async def insert_or_ignore(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, and skip a row if its unique values exist, or are being inserted by another transaction."""
    if rows:
        # Without inline(), SQLAlchemy would add a RETURNING clause if there is a single row. ON CONFLICT would then
        # come after RETURNING, which is a syntax error.
        connection = await session.connection()
        await connection.execute(InsertOrIgnore(model).inline(), rows)


def _driver_values(column: Column[Any], rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> list[Any]:
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    values = [row[column.name] for row in rows]
    return [process(value) for value in values] if process else values
