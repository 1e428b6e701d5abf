"""Measure an operation of blogcli and a baseline alternately in one process.

The ratio of a round is the time of blogcli divided by the time of the baseline. The results are the median times and
the median ratio of all rounds.
"""

import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

import asyncpg
from blogs import BlogDatabase
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory, open_database
from blogcli.settings import Overrides, load_settings

Operation = Callable[[], Awaitable[Any]]
Query = Callable[..., Operation]


@dataclass(frozen=True, slots=True)
class Row:
    """The result of a measurement. `ms` and `baseline_ms` are times in milliseconds.

    `ratio` is the time of blogcli divided by the time of the baseline, and `target` is the maximum ratio that the
    project aims at. `statements_ratio` is the ratio for the SQL statements of blogcli if the driver executes them
    directly. SQLAlchemy, the event loop and pydantic cause the difference between `ratio` and `statements_ratio`. Their
    time does not depend on the number of posts.
    """

    name: str
    engine: str
    posts: int
    ms: float
    baseline_ms: float
    ratio: float
    statements_ratio: float | None
    target: float | None


async def compare(
    name: str,
    database: BlogDatabase,
    blogcli: Operation,
    baseline: Operation,
    *,
    statements: Operation | None = None,
    target: float | None = None,
    rounds: int = 15,
    warm_up_rounds: int = 2,
) -> Row:
    """Run blogcli, the baseline and optionally the SQL statements of blogcli alternately, and return the result.

    The times of the first `warm_up_rounds` rounds are ignored.
    """
    operations = [blogcli, baseline, *([statements] if statements else [])]
    all_times = [[await measure_time(operation) for operation in operations] for _ in range(warm_up_rounds + rounds)]
    measured = all_times[warm_up_rounds:]
    return Row(
        name,
        database.engine,
        database.posts,
        ms=statistics.median(times[0] for times in measured) * 1000,
        baseline_ms=statistics.median(times[1] for times in measured) * 1000,
        ratio=statistics.median(times[0] / times[1] for times in measured),
        statements_ratio=statistics.median(times[2] / times[1] for times in measured) if statements else None,
        target=target,
    )


async def measure_time(operation: Operation) -> float:
    """Run an operation, and return how many seconds the operation took."""
    start = time.perf_counter()
    await operation()
    return time.perf_counter() - start


def show(rows: Iterable[Row], *, as_json: bool) -> None:
    """Print the rows as a Markdown table or as JSON."""
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print("| measurement | database | posts | ms | baseline, ms | ratio | statements only | target |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for row in rows:
        statements, target = ("" if ratio is None else f"{ratio:.3g}" for ratio in (row.statements_ratio, row.target))
        figures = f"{row.ms:.2f} | {row.baseline_ms:.2f} | {row.ratio:.2f} | {statements} | {target}"
        print(f"| {row.name} | {row.engine} | {row.posts:,} | {figures} |", flush=True)


class OpenSession(SessionFactory):
    """A session factory whose calls all yield the same open session, so that connecting is not measured."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncSession]:  # type: ignore[override]  # the base class returns an AsyncSession
        """Yield the session without closing it afterwards."""
        yield self._session


@dataclass(frozen=True, slots=True)
class OpenBlog:
    """An open session on a blog, and two functions that create operations from SQL statements.

    Each function has its own connection of the driver. `query` is for the SQL of baselines, and `query_statements` is
    for the SQL statements of blogcli.
    """

    sessions: OpenSession
    query: Query
    query_statements: Query

    async def record_statements(self, operation: Operation) -> Operation:
        """Run an operation, and return an operation that executes the same SQL statements with the driver."""
        statements: list[tuple[str, Sequence[Any]]] = []

        def record(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy passes arguments of several types
            statements.append((arguments[2], arguments[3]))

        async with self.sessions() as session:
            engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", record)
        await operation()
        event.remove(engine, "before_cursor_execute", record)
        queries = [self.query_statements(statement, values) for statement, values in statements]

        async def run() -> None:
            for query in queries:
                await query()

        return run


@asynccontextmanager
async def open_blog(database: BlogDatabase) -> AsyncIterator[OpenBlog]:
    """Open a session and two connections of the driver to a database, and yield them as an `OpenBlog`."""
    settings = load_settings(Overrides(database_url=database.url), {})
    async with open_database(settings) as sessions, sessions() as session:
        await session.execute(text("SELECT 1"))
        connect = _connect_to_sqlite if database.engine == "sqlite" else _connect_to_postgresql
        yield OpenBlog(OpenSession(session), await connect(database.url), await connect(database.url))


async def _connect_to_sqlite(path: str) -> Query:
    import sqlite3  # noqa: PLC0415 - only this database needs the module

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -16000")

    def query(statement: str, values: Sequence[Any] = ()) -> Operation:
        async def run() -> list[Any]:
            return connection.execute(statement, values).fetchall()

        return run

    return query


async def _connect_to_postgresql(url: str) -> Query:
    connection = await asyncpg.connect(url)
    # The statements of a search set parameters of the query planner until the end of the transaction, so all statements
    # must be executed in one transaction.
    await connection.transaction().start()

    def query(statement: str, values: Sequence[Any] = ()) -> Operation:
        async def run() -> list[Any]:
            return list(await connection.fetch(statement, *values))

        return run

    return query
