"""Record the SQL statements that a test executes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event


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
