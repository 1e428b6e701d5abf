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
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory, open_database
from blogcli.settings import Overrides, load_settings

Use = Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured: milliseconds, and how many times the floor; `target` is the most that is aimed at."""

    what: str
    engine: str
    posts: int
    ms: float
    floor_ms: float
    ratio: float
    target: float | None


async def compare(
    what: str, place: Place, ours: Use, floor: Use, *, target: float | None = None, rounds: int = 15
) -> Row:
    """Run both in turn, after two rounds that do not count."""
    measured = [(await timed(ours), await timed(floor)) for _ in range(rounds + 2)][2:]
    return Row(
        what,
        place.engine,
        place.posts,
        ms=statistics.median(one for one, _ in measured) * 1000,
        floor_ms=statistics.median(other for _, other in measured) * 1000,
        ratio=statistics.median(one / other for one, other in measured),
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
    print("| what | database | posts | ms | floor, ms | ratio | target |\n|---|---|--:|--:|--:|--:|--:|")
    for row in rows:
        target = "" if row.target is None else f"{row.target:g}"
        figures = f"{row.ms:.2f} | {row.floor_ms:.2f} | {row.ratio:.2f} | {target}"
        print(f"| {row.what} | {row.engine} | {row.posts:,} | {figures} |", flush=True)


class OpenSession(SessionFactory):
    """Hands out the one session that is open: what is measured is the work, not the connecting."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[AsyncSession]:  # type: ignore[override]
        """The session, which stays open."""
        yield self._session


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[tuple[OpenSession, Callable[..., Use]]]:
    """A session on the blog, and what runs plain SQL on a connection of the bare driver, set up alike."""
    settings = load_settings(Overrides(database_url=place.url), {})
    async with open_database(settings) as sessions, sessions() as session:
        await session.execute(text("SELECT 1"))
        yield OpenSession(session), await (_sqlite if place.engine == "sqlite" else _postgresql)(place.url)


async def _sqlite(path: str) -> Callable[..., Use]:
    import sqlite3  # noqa: PLC0415 - the other database does without

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA cache_size = -16000")

    def query(statement: str, values: Sequence[Any] = ()) -> Use:
        async def run() -> list[Any]:
            return connection.execute(statement, values).fetchall()

        return run

    return query


async def _postgresql(url: str) -> Callable[..., Use]:
    connection = await asyncpg.connect(url)

    def query(statement: str, values: Sequence[Any] = ()) -> Use:
        async def run() -> list[Any]:
            return list(await connection.fetch(statement, *values))

        return run

    return query
