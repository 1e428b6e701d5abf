"""Find invalid values in the database.

blogcli never writes such values. Another program may have written them, for example after a constraint was dropped.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any, NoReturn

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ..errors import BlogError, InvalidError
from ..text.casefold import tag_key
from .value_conditions import VALUE_CONDITIONS, format_conditions
from .value_rules import COLUMN_RULES, check_text

_ANY_INSTANT = "2000-01-01T00:00:00.000000Z"
_BATCH_SIZE = 1_000
# The maximum number of characters that a message shows of an invalid value.
_MAX_SHOWN = 60
_NOUNS = {"users": "User", "tags": "Tag", "posts": "Post", "post_imports": "The import of post"}


def check_row(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield a message for each invalid value of a row.

    The row must contain the values that the driver returned. Columns that the row lacks are not checked.
    """
    key = next(iter(COLUMN_RULES[table]))
    for column, rule in COLUMN_RULES[table].items():
        if column in row and (reason := rule(row[column])):
            yield describe_invalid_value(table, row[key], column, reason, row[column])
    if table == "tags" and check_text(row["name"]) is None and row["key"] != tag_key(row["name"]):
        yield describe_invalid_value(table, row[key], "key", "is not the key of the name", row["key"])


def describe_invalid_value(table: str, id_: object, column: str, reason: str, value: object) -> str:
    """Return a message that names the row and the column of an invalid value, the reason, and the value."""
    shown = repr(value)
    if len(shown) > _MAX_SHOWN:
        shown = f"{shown[:_MAX_SHOWN]}..."
    return f"{_NOUNS[table]} {id_}: {column} {reason}: {shown}"


def refuse_invalid_value(line: str) -> NoReturn:
    """Raise InvalidError with the message `line`, which describes an invalid value."""
    raise InvalidError(line, hint="Run `blogcli db check` to list all invalid values.")


def find_invalid_values(connection: Connection) -> Iterator[str]:
    """Yield a message for each invalid value in the database. The content of posts is not checked."""
    dialect = connection.dialect.name
    for table in COLUMN_RULES:
        for statement in _rows_to_check(table, dialect):
            result = connection.execute(statement, execution_options={"yield_per": _BATCH_SIZE})
            names = list(result.keys())
            for rows in result.partitions():
                if not _are_valid(table, names, zip(*rows, strict=True)):
                    for row in rows:
                        yield from check_row(table, dict(zip(names, row, strict=True)))


def _are_valid(table: str, names: Sequence[str], columns: Iterable[tuple[Any, ...]]) -> bool:
    """Return whether all values of several rows are valid, given the values of each column.

    A rule is applied only once to equal values, which takes half the time of checking the rows one by one.
    """
    if table == "tags":
        # The rule about keys concerns two columns.
        return False
    rules = COLUMN_RULES[table]
    return not any(any(map(rules[name], set(values))) for name, values in zip(names, columns, strict=True))


def _rows_to_check(table: str, dialect: str) -> Iterator[TextClause]:
    """Yield statements that select the rows and columns of a table that may contain invalid values."""
    conditions = VALUE_CONDITIONS.get(table, {})
    yield _select_columns(table, [name for name in COLUMN_RULES[table] if name not in conditions], dialect)
    if conditions:
        # A colon in a condition does not begin a parameter.
        condition = format_conditions(table, dialect).replace(":", "\\:")
        key = next(iter(COLUMN_RULES[table]))
        yield _select_columns(table, [key, *conditions], dialect, f"WHERE ({condition}) IS NOT TRUE")


def check_content(id_: int, content: object) -> str | None:
    """Return a message if the content of a post is invalid, or None if the content is valid."""
    reason = check_text(content)
    return describe_invalid_value("posts", id_, "content", reason, content) if reason else None


def may_be_caused_by_invalid_value(error: Exception) -> bool:
    """Return whether an invalid value may have caused an exception.

    Among the errors of a driver, only a failure to decode text can have this cause. A BlogError or an OSError cannot
    have this cause.
    """
    if isinstance(error, DBAPIError):
        return "decode" in str(error.orig).lower()
    return not isinstance(error, (BlogError, OSError))


async def first_invalid_values(session: AsyncSession, *, limit: int = 3) -> list[str]:
    """Return the messages for the first `limit` invalid values in the database."""
    connection = await session.connection()
    await read_any_text(connection)
    return await connection.run_sync(
        lambda sync: list(islice(chain(find_invalid_values(sync), _invalid_contents(sync)), limit))
    )


def _invalid_contents(connection: Connection) -> Iterator[str]:
    rows = connection.execute(text("SELECT id, content FROM posts ORDER BY id"), execution_options={"yield_per": 100})
    yield from filter(None, (check_content(id_, content) for id_, content in rows))


async def read_any_text(connection: AsyncConnection) -> None:
    """Make a connection decode invalid UTF-8 with the error handler `surrogateescape` instead of raising an error."""
    if connection.dialect.name == "sqlite":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        # The driver calls a partial object faster than a function.
        driver.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")


def _select_columns(table: str, columns: Iterable[str], dialect: str, condition: str = "") -> TextClause:
    names = ", ".join(_column(name, dialect) for name in columns)
    return text(f"SELECT {names} FROM {table} {condition} ORDER BY 1")  # noqa: S608 - the names are constants


def _column(name: str, dialect: str) -> str:
    if dialect == "sqlite":
        return name
    if name == "extra":
        return "CASE json_typeof(extra) WHEN 'object' THEN '{}' ELSE extra::text END AS extra"
    if name.endswith("_at"):
        # An instant that Python cannot represent is selected as text, because the driver cannot read it. All other
        # instants are valid, so a constant is selected instead.
        return (
            f"CASE WHEN isfinite({name}) AND {name} NOT BETWEEN '0001-01-01 00:00:00+00' "
            f"AND '9999-12-31 23:59:59.999999+00' THEN {name}::text "
            f"WHEN {name} IS NOT NULL THEN '{_ANY_INSTANT}' END AS {name}"
        )
    return name
