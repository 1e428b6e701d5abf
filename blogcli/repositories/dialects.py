"""Expressions and operations for which SQLite and PostgreSQL need different SQL."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    String,
    func,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from ..text.casefold import fold_pattern, like_prefilter

_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
_NEXT_IDS = text(
    "SELECT nextval(pg_get_serial_sequence(CAST(:name AS text), 'id')) FROM generate_series(1, CAST(:count AS int))"
)

# The second key is the object id of the table, so that blogs in different schemas of a database have separate locks.
_TRY_LOCK = text(
    "SELECT pg_try_advisory_xact_lock(:lock, CAST(CAST(CAST(CAST(:table AS text) AS regclass) AS oid) AS int))"
)


class _contains(FunctionElement[bool]):  # noqa: N801 - statements use this class like a function
    """The condition that a text contains another text, regardless of case.

    The arguments are the text, a regular expression for the other text, and a LIKE pattern for the other text.
    """

    inherit_cache = True
    type = Boolean()


@compiles(_contains)
def _matches_regex(element: _contains, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    text, pattern, _ = element.clauses
    return f"({compiler.process(text, **kw)} ~ {compiler.process(pattern, **kw)})"


@compiles(_contains, "sqlite")
def _filtered_by_like(element: _contains, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    # LIKE is fast, because SQLite implements it in C, but it ignores the case of ASCII letters only. LIKE excludes most
    # rows. The regular expression, which Python evaluates, is only needed for the remaining rows.
    text, pattern, like = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({text} LIKE {like} ESCAPE '\\' AND blogcli_matches({pattern}, {text}))"


class _sortable(FunctionElement[str]):  # noqa: N801 - statements use this class like a function
    """The sort key of a text. The order does not depend on the locale of the database."""

    inherit_cache = True
    type = String()


@compiles(_sortable)
def _c_collation(element: _sortable, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    # With the collation "C", lower() converts only ASCII letters, like lower() in SQLite. For this reason, both
    # databases return the same order.
    return f'lower({compiler.process(element.clauses, **kw)} COLLATE "C")'


@compiles(_sortable, "sqlite")
def _sqlite_lower(element: _sortable, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    return f"lower({compiler.process(element.clauses, **kw)})"


class quarter_hour(FunctionElement[str]):  # noqa: N801 - statements use this class like a function
    """The start of the 15-minute interval that contains an instant, in UTC. An example is `2024-05-31T18:45`.

    In each time zone, all instants of such an interval are on the same day, because the offsets of all time zones in
    use are multiples of 15 minutes.
    """

    inherit_cache = True
    type = String()


@compiles(quarter_hour)
def _postgresql_quarter(element: quarter_hour, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    return _format_quarter(_finite(compiler.process(element.clauses, **kw)))


def _finite(instant: str) -> str:
    # asyncpg stores `datetime.min` and `datetime.max` as infinities. Infinities are replaced, because to_char cannot
    # format them.
    return f"least(greatest({instant}, '0001-01-01 00:00:00+00'), '9999-12-31 23:59:59+00')"


def _format_quarter(instant: str) -> str:
    start = f"date_bin('15 minutes', {instant}, TIMESTAMPTZ '2000-01-01 00:00:00+00')"
    return f"to_char({start} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI')"


@compiles(quarter_hour, "sqlite")
def _sqlite_quarter(element: quarter_hour, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    instant = compiler.process(element.clauses, **kw)
    return f"(substr({instant}, 1, 14) || printf('%02d', substr({instant}, 15, 2) / 15 * 15))"


class interval_within_month(FunctionElement[str]):  # noqa: N801 - statements use this class like a function
    """A time in UTC that, in every time zone, is in the same month as an instant. An example is `2024-05-15T00:00`.

    For an instant from day 2 to day 27 of a month, the time is on day 15 of the month. No time zone can move such an
    instant to another month, because local times differ from UTC by less than a day. For other instants, the time is
    the same as for `quarter_hour`.
    """

    inherit_cache = True
    type = String()


@compiles(interval_within_month)
def _postgresql_interval(element: interval_within_month, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    instant = _finite(compiler.process(element.clauses, **kw))
    utc = f"({instant} AT TIME ZONE 'UTC')"
    return (
        f"CASE WHEN extract(day FROM {utc}) BETWEEN 2 AND 27 THEN to_char({utc}, 'YYYY-MM-15\"T00:00\"') "
        f"ELSE {_format_quarter(instant)} END"
    )


@compiles(interval_within_month, "sqlite")
def _sqlite_interval(element: interval_within_month, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    instant = compiler.process(element.clauses, **kw)
    quarter = compiler.process(quarter_hour(*element.clauses), **kw)
    is_inside = f"substr({instant}, 9, 2) BETWEEN '02' AND '27'"
    return f"CASE WHEN {is_inside} THEN substr({instant}, 1, 7) || '-15T00:00' ELSE {quarter} END"


async def allocate_ids(session: AsyncSession, table: str, count: int) -> list[int]:
    """Return `count` ids for new rows of a table. The ids have never been used in this table."""
    if session.get_bind().dialect.name == "postgresql":
        return list(await session.scalars(_NEXT_IDS, {"name": table, "count": count}))
    # On SQLite, all ids after the last id are unused, because no other transaction can write at the same time.
    last_id = await session.scalar(_LAST_ID, {"name": table}) or 0
    return list(range(last_id + 1, last_id + 1 + count))


async def acquire_advisory_lock(session: AsyncSession, lock: int) -> None:
    """Acquire the advisory lock with the number `lock`, which is held until the transaction ends.

    On SQLite, this does nothing, because only one transaction can write at a time.
    """
    if has_concurrent_writers(session):
        await session.execute(select(func.pg_advisory_xact_lock(lock)))


async def try_advisory_lock(session: AsyncSession, lock: int, table: str) -> bool:
    """Acquire an advisory lock for a table until the transaction ends, and return whether it was acquired.

    The lock is not acquired if another transaction holds the lock with the same number and table. The function does not
    wait. It always returns true on SQLite, where the transaction that writes already holds the only write lock.
    """
    if not has_concurrent_writers(session):
        return True
    return bool(await session.scalar(_TRY_LOCK, {"lock": lock, "table": table}))


def has_concurrent_writers(session: AsyncSession) -> bool:
    """Return whether other transactions can write at the same time. On SQLite, they cannot."""
    return session.get_bind().dialect.name == "postgresql"


async def use_snapshot_isolation(session: AsyncSession) -> None:
    """Make all statements of a session read the same snapshot of the database.

    This function must be called before the first statement of the session.
    """
    # SQLite needs no option, because a transaction always reads one snapshot.
    if session.get_bind().dialect.name == "postgresql":
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})


def knows_common_values(session: AsyncSession) -> bool:
    """Return whether the query planner uses statistics about the most common values of columns. PostgreSQL does."""
    return session.get_bind().dialect.name == "postgresql"


def contains(text: SQLColumnExpression[Any], needle: str) -> ColumnElement[bool]:
    """Return the condition that `text` contains `needle`. Both are compared by Unicode simple case folding.

    The condition is not true if `text` is null.
    """
    return _contains(text, fold_pattern(needle), like_prefilter(needle, escape="\\"))


def sortable(text: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """Return a sort key for `text` that gives the same order on both databases."""
    return _sortable(text)
