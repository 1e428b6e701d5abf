"""Blogs on their way in and out, as whole processes, beside the bare driver and the same rows.

    python benchmarks/interchange.py [--sizes 100000] [--engines sqlite,postgresql] [--rounds 3] [--json]

The floor of an import is what `sqlite3.executemany`, or asyncpg's `copy_records_to_table`, takes for the rows that ours
has made, index and all, into tables with the same constraints: nothing is read, no text is cut into words. The floor of
an export is `plain_export.py`. Peaks are of the resident memory of the process that has the most.
"""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from blogs import Place, arguments, places
from measure import Row, show

SCRIPT = Path(sys.executable).parent / "blogcli"
TABLES = ("users", "tags", "posts", "post_tags", "post_imports", "post_search")
# What a process starts counts as having what it had itself: this one, that has read blogs, is too large to start one.
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
# Of 10,000 Markdown files, the milliseconds that a thousand posts a second take.
MARKDOWN, MARKDOWN_TARGET = 10_000, 10_000


def blogcli(url: str, *words: str) -> float:
    """The seconds that a command takes as a process of its own."""
    start = time.perf_counter()
    environ = os.environ | {"BLOGCLI_DATABASE_URL": url}
    subprocess.run([SCRIPT, "--quiet", *words], env=environ, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def peak_of(url: str, *words: str) -> str:
    """The most memory that a command, or a process that it started, has resident at a time."""
    environ = os.environ | {"BLOGCLI_DATABASE_URL": url}
    command = [sys.executable, "-c", WATCH, str(SCRIPT), "--quiet", *words]
    found = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
    return f"{int(found.stdout) / 1024:.0f} MB at the peak"


class Empty:
    """Empty databases on one engine, each in place of the one before."""

    def __init__(self, place: Place, folder: Path) -> None:
        self._place, self._folder = place, folder

    def new(self) -> str:
        """The URL of one, migrated."""
        url = str(self._folder / "empty.db") if self._place.engine == "sqlite" else self._recreated()
        for path in self._folder.glob("empty.db*"):
            path.unlink()
        blogcli(url, "db", "upgrade")
        return url

    def _recreated(self) -> str:
        async def recreate() -> None:
            connection = await asyncpg.connect(self._place.url)
            await connection.execute("DROP DATABASE IF EXISTS interchange")
            await connection.execute("CREATE DATABASE interchange")
            await connection.close()

        asyncio.run(recreate())
        return urlunsplit(urlsplit(self._place.url)._replace(path="/interchange"))


def rows_of_sqlite(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a blog, by table."""
    connection = sqlite3.connect(url)
    columns = {table: "rowid, title, content" if table == "post_search" else "*" for table in TABLES}
    return {table: connection.execute(f"SELECT {columns[table]} FROM {table}").fetchall() for table in TABLES}


def written_by_sqlite(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """The seconds that the bare driver takes to write them."""
    connection = sqlite3.connect(url)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    start = time.perf_counter()
    for table, values in rows.items():
        names = "(rowid, title, content)" if table == "post_search" else ""
        marks = ", ".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {table} {names} VALUES ({marks})", values)
    connection.commit()
    # The last of the log goes into the file.
    connection.close()
    return time.perf_counter() - start


def rows_of_postgresql(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of a blog, by table."""

    async def run() -> dict[str, list[tuple[Any, ...]]]:
        connection = await asyncpg.connect(url)
        await text_of_tsvector(connection)
        rows = {table: [tuple(row) for row in await connection.fetch(f"SELECT * FROM {table}")] for table in TABLES}
        await connection.close()
        return rows

    return asyncio.run(run())


async def text_of_tsvector(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no types
    """Let a connection read and write tsvectors as they are on the wire."""
    await connection.set_type_codec("tsvector", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


def written_by_postgresql(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """The seconds that the bare driver takes to write them."""

    async def run() -> float:
        connection = await asyncpg.connect(url)
        await text_of_tsvector(connection)
        start = time.perf_counter()
        async with connection.transaction():
            for table, values in rows.items():
                await connection.copy_records_to_table(table, records=values)
        taken = time.perf_counter() - start
        await connection.close()
        return taken

    return asyncio.run(run())


READ = {"sqlite": rows_of_sqlite, "postgresql": rows_of_postgresql}
WRITE: dict[str, Callable[[str, dict[str, list[tuple[Any, ...]]]], float]] = {
    "sqlite": written_by_sqlite,
    "postgresql": written_by_postgresql,
}


def importing(place: Place, source: Path, folder: Path, rounds: int) -> Row:
    """JSON Lines into an empty database."""
    empty = Empty(place, folder)
    url = empty.new()
    most = peak_of(url, "import", "jsonl", str(source))
    rows = READ[place.engine](url)
    pairs = [
        (blogcli(empty.new(), "import", "jsonl", str(source)), WRITE[place.engine](empty.new(), rows))
        for _ in range(rounds)
    ]
    return row(f"import jsonl, {most}", place, pairs, target=1.5)


def exporting(place: Place, folder: Path, rounds: int) -> Row:
    """All posts as JSON Lines."""
    ours, plain = folder / "ours.jsonl", folder / "plain.jsonl"
    pairs = []
    for _ in range(rounds):
        taken = blogcli(place.url, "export", "jsonl", str(ours))
        start = time.perf_counter()
        subprocess.run([sys.executable, Path(__file__).with_name("plain_export.py"), place.url, plain], check=True)
        pairs.append((taken, time.perf_counter() - start))
    return row("export jsonl", place, pairs, target=2)


def markdown(place: Place, folder: Path, rounds: int) -> Row:
    """Files with front matter into an empty database; in place of a floor, a thousand of them a second."""
    files = folder / "markdown"
    blogcli(place.url, "export", "markdown", str(files), "--limit", str(MARKDOWN), "--flavor", "hugo")
    posts = sum(1 for _ in files.rglob("*.md"))
    empty = Empty(place, folder)
    taken = [blogcli(empty.new(), "import", "markdown", str(files)) for _ in range(rounds)]
    shutil.rmtree(files)
    floor = posts / MARKDOWN * MARKDOWN_TARGET / 1_000
    return row(f"import markdown, {posts:,} files", place, [(each, floor) for each in taken], target=1)


def row(what: str, place: Place, pairs: list[tuple[float, float]], *, target: float) -> Row:
    """The medians of both sides, and of their ratios."""
    ours, floor = (median(pair[side] for pair in pairs) * 1_000 for side in (0, 1))
    return Row(what, place.engine, place.posts, ours, floor, median(a / b for a, b in pairs), None, target)


def main() -> None:
    """Measure every blog."""
    options, rows = arguments(__doc__), []
    for place in places(options):
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            folder = Path(name)
            source = folder / "source.jsonl"
            blogcli(place.url, "export", "jsonl", str(source))
            rows.append(importing(place, source, folder, options.rounds))
            rows.append(markdown(place, folder, options.rounds))
            if place.engine == "sqlite":
                rows.append(exporting(place, folder, options.rounds))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
