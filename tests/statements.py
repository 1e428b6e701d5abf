"""Record the SQL statements that a test executes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event
from sqlalchemy.ext.asyncio import AsyncSession


class Statement(NamedTuple):
    """The SQL and the parameters of an executed statement, as they were passed to the driver."""

    sql: str
    parameters: Any


@contextmanager
def recorded_statements(target: Engine | Connection) -> Iterator[list[Statement]]:
    """Yield a list to which every statement that `target` executes in the block is added, except BEGIN."""
    statements: list[Statement] = []

    def record(*arguments: Any) -> None:
        statement = Statement(arguments[2], arguments[3])
        if not statement.sql.startswith("BEGIN"):
            statements.append(statement)

    event.listen(target, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(target, "before_cursor_execute", record)


async def plan_of(session: AsyncSession, query: Any, **values: Any) -> str:
    """Call `query`, and return the query plan of the last statement that it executes."""
    connection = await session.connection()
    assert connection.sync_connection
    with recorded_statements(connection.sync_connection) as statements:
        await query(session, **values)
    explain = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    rows = (await connection.exec_driver_sql(explain + statements[-1].sql, statements[-1].parameters)).all()
    return "\n".join(str(row[-1]) for row in rows)
