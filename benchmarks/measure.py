"""Two ways to do the same, in turn, in one process; medians, and the median of the ratios of neighbours."""

import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from typing import Any

import asyncpg
from blogs import Place
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory, open_database
from blogcli.settings import Overrides, load_settings

Use = Callable[[], Awaitable[Any]]
Query = Callable[..., Use]


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured: milliseconds, and how many times the floor; `target` is the most that is aimed at.

    `bare` is how many times the floor our own statements take on the bare driver: the rest is what SQLAlchemy, the
    event loop and pydantic take, whatever the size.
    """

    what: str
    engine: str
    posts: int
    ms: float
    floor_ms: float
    ratio: float
    bare: float | None
    target: float | None


async def compare(
    what: str,
    place: Place,
    ours: Use,
    floor: Use,
    *,
    bare: Use | None = None,
    target: float | None = None,
    rounds: int = 15,
    uncounted: int = 2,
) -> Row:
    """Run both, and our statements alone, in turn, after as many rounds that do not count."""
    sides = [ours, floor, *([bare] if bare else [])]
    measured = [[await timed(side) for side in sides] for _ in range(rounds + uncounted)][uncounted:]
    return Row(
        what,
        place.engine,
        place.posts,
        ms=statistics.median(times[0] for times in measured) * 1000,
        floor_ms=statistics.median(times[1] for times in measured) * 1000,
        ratio=statistics.median(times[0] / times[1] for times in measured),
        bare=statistics.median(times[2] / times[1] for times in measured) if bare else None,
        target=target,
    )


async def timed(use: Use) -> float:
    """The seconds that it takes."""
    start = time.perf_counter()
    await use()
    return time.perf_counter() - start


def show(rows: Iterable[Row], *, as_json: bool) -> None:
    """Print the rows as a table in Markdown, or as JSON."""
    if as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return
    print("| what | database | posts | ms | floor, ms | ratio | statements alone | target |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    for row in rows:
        bare, target = ("" if each is None else f"{each:.3g}" for each in (row.bare, row.target))
        figures = f"{row.ms:.2f} | {row.floor_ms:.2f} | {row.ratio:.2f} | {bare} | {target}"
        print(f"| {row.what} | {row.engine} | {row.posts:,} | {figures} |", flush=True)


class OpenSession(SessionFactory):
    """Hands out the one session that is open: what is measured is the work, not the connecting."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncSession]:  # type: ignore[override]
        """The session, which stays open."""
        yield self._session


@dataclass(frozen=True, slots=True)
class Measured:
    """A session on a blog, and connections of the bare driver, set up alike: for floors, and for our own statements."""

    sessions: OpenSession
    query: Query
    query_ours: Query

    async def alone(self, ours: Use) -> Use:
        """What runs the statements of ours on the bare driver."""
        seen: list[tuple[str, Sequence[Any]]] = []

        def note(*arguments: Any) -> None:  # noqa: ANN401 - what SQLAlchemy passes
            seen.append((arguments[2], arguments[3]))

        async with self.sessions() as session:
            engine = session.get_bind().engine
        event.listen(engine, "before_cursor_execute", note)
        await ours()
        event.remove(engine, "before_cursor_execute", note)
        queries = [self.query_ours(statement, values) for statement, values in seen]

        async def run() -> None:
            for query in queries:
                await query()

        return run


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Measured]:
    """Both, on the blog at that place."""
    settings = load_settings(Overrides(database_url=place.url), {})
    async with open_database(settings) as sessions, sessions() as session:
        await session.execute(text("SELECT 1"))
        connected = _sqlite if place.engine == "sqlite" else _postgresql
        yield Measured(OpenSession(session), await connected(place.url), await connected(place.url))


async def _sqlite(path: str) -> Query:
    import sqlite3  # noqa: PLC0415 - the other database does without

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -16000")

    def query(statement: str, values: Sequence[Any] = ()) -> Use:
        async def run() -> list[Any]:
            return connection.execute(statement, values).fetchall()

        return run

    return query


async def _postgresql(url: str) -> Query:
    connection = await asyncpg.connect(url)
    # What a search tells the planner is told for the transaction.
    await connection.transaction().start()

    def query(statement: str, values: Sequence[Any] = ()) -> Use:
        async def run() -> list[Any]:
            return list(await connection.fetch(statement, *values))

        return run

    return query
