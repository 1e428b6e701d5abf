"""The few expressions in which SQLite and PostgreSQL differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    Insert,
    SQLColumnExpression,
    String,
    Table,
    func,
    insert,
    select,
    text,
    type_coerce,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from ..models import Base
from ..text.casefold import fold_pattern, like_prefilter

_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_NEXT_IDS = text(
    "SELECT nextval(pg_get_serial_sequence(CAST(:name AS text), 'id')) FROM generate_series(1, CAST(:count AS int))"
)


class _contains(FunctionElement[bool]):  # noqa: N801 - it stands in statements like a function
    """A text holds another in any case: (text, regular expression, LIKE pattern)."""

    inherit_cache = True
    type = Boolean()


@compiles(_contains)
def _matches_regex(element: _contains, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    text, pattern, _ = element.clauses
    return f"({compiler.process(text, **kw)} ~ {compiler.process(pattern, **kw)})"


@compiles(_contains, "sqlite")
def _filtered_by_like(element: _contains, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    # LIKE runs in C and knows ASCII case only; what passes it is judged by the regular expression in Python.
    text, pattern, like = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({text} LIKE {like} ESCAPE '\\' AND blogcli_matches({pattern}, {text}))"


class _sortable(FunctionElement[str]):  # noqa: N801 - the same
    """A text in an order that does not depend on the database's locale."""

    inherit_cache = True
    type = String()


@compiles(_sortable)
def _c_collation(element: _sortable, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    # Under this collation lower() folds ASCII only, as SQLite's does.
    return f'lower({compiler.process(element.clauses, **kw)} COLLATE "C")'


@compiles(_sortable, "sqlite")
def _sqlite_lower(element: _sortable, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    return f"lower({compiler.process(element.clauses, **kw)})"


class quarter_hour(FunctionElement[str]):  # noqa: N801 - the same
    """The quarter of an hour of an instant, in UTC, as `2024-05-31T18:45`: no zone's offset is finer."""

    inherit_cache = True
    type = String()


@compiles(quarter_hour)
def _postgresql_quarter(element: quarter_hour, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    instant = compiler.process(element.clauses, **kw)
    # The first and the last instant are stored as infinities, which to_char does not write.
    finite = f"least(greatest({instant}, '0001-01-01 00:00:00+00'), '9999-12-31 23:59:59+00')"
    start = f"date_bin('15 minutes', {finite}, TIMESTAMPTZ '2000-01-01 00:00:00+00')"
    return f"to_char({start} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI')"


@compiles(quarter_hour, "sqlite")
def _sqlite_quarter(element: quarter_hour, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    instant = compiler.process(element.clauses, **kw)
    return f"(substr({instant}, 1, 14) || printf('%02d', substr({instant}, 15, 2) / 15 * 15))"


class InsertUnlessThere(Insert):
    """An INSERT that passes over rows whose unique values exist, also those that another command inserts just now."""

    inherit_cache = True


@compiles(InsertUnlessThere)
def _on_conflict_do_nothing(element: InsertUnlessThere, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401
    return f"{compiler.visit_insert(element, **kw)} ON CONFLICT DO NOTHING"  # type: ignore[no-untyped-call]


async def free_ids(session: AsyncSession, table: str, count: int) -> list[int]:
    """So many ids that no row of the table has, or ever had, for rows that this transaction adds."""
    if session.get_bind().dialect.name == "postgresql":
        return list(await session.scalars(_NEXT_IDS, {"name": table, "count": count}))
    # Nobody else writes while this transaction does.
    last = await session.scalar(_LAST_ID, {"name": table}) or 0
    return list(range(last + 1, last + 1 + count))


async def exclude_others(session: AsyncSession, lock: int) -> None:
    """Take the advisory lock with this number and hold it until the transaction ends."""
    if has_concurrent_writers(session):
        await session.execute(select(func.pg_advisory_xact_lock(lock)))


def has_concurrent_writers(session: AsyncSession) -> bool:
    """Whether other transactions may write while this one does: on SQLite, a write transaction is the only one."""
    return session.get_bind().dialect.name == "postgresql"


async def see_one_moment(session: AsyncSession) -> None:
    """Let all that a session reads, from its first statement on, be of one moment."""
    # On SQLite it is.
    if session.get_bind().dialect.name == "postgresql":
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


async def insert_rows(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows that all have the same columns, by the quickest way the database has for many; no default is set."""
    if not rows:
        return
    connection = await session.connection()
    dialect = connection.dialect
    columns = [column for column in table.columns if column.name in rows[0]]
    plain = list(zip(*(_driver_values(column, rows, dialect) for column in columns), strict=True))
    names = [column.name for column in columns]
    if dialect.name == "postgresql":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.copy_records_to_table(table.name, records=plain, columns=names)
    else:
        statement = insert(table).inline().compile(dialect=dialect, column_keys=names)
        await connection.exec_driver_sql(str(statement), plain)


async def insert_unless_there(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows, but for those whose unique values exist, also where another command adds them just now."""
    if rows:
        # Inline: without it a single row would be asked back, by a clause that ON CONFLICT has to precede.
        connection = await session.connection()
        await connection.execute(InsertUnlessThere(model).inline(), rows)


def _driver_values(column: Column[Any], rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> list[Any]:
    name, process = column.name, column.type.dialect_impl(dialect).bind_processor(dialect)
    return [process(row[name]) for row in rows] if process else [row[name] for row in rows]


def knows_common_values(session: AsyncSession) -> bool:
    """Whether the database knows by itself which values are common: PostgreSQL counts them, SQLite does not."""
    return session.get_bind().dialect.name == "postgresql"


def contains(text: SQLColumnExpression[Any], needle: str) -> ColumnElement[bool]:
    """`text` holds `needle` literally, whatever the case (Unicode simple folding); null holds nothing."""
    return _contains(text, fold_pattern(needle), like_prefilter(needle, escape="\\"))


def sortable(text: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """`text` as a sort key that orders alike on both databases."""
    return _sortable(text)


def characters(text: SQLColumnExpression[Any]) -> ColumnElement[int]:
    """The length of `text` in characters; both databases count code points."""
    return type_coerce(func.length(text), func.count().type)
