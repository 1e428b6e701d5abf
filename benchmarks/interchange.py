"""Measure imports and exports as whole processes, compared with reading and writing rows with the database driver.

    python benchmarks/interchange.py [--sizes 100000] [--engines sqlite,postgresql] [--rounds 3] [--json]

The baseline for an import reads the rows that blogcli has imported, and inserts them into an empty database with the
same constraints. Only the insertion is measured. It includes the rows of the search index, and uses `executemany` of
sqlite3 or `copy_records_to_table` of asyncpg. The baseline does not read the imported file and does not split texts
into words. The baseline for an export is `plain_export.py`. The peak memory is the maximum resident memory of the
largest process.
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
from blogs import BlogDatabase, parse_options, prepare_databases
from measure import Row, show

from blogcli.models import Base

SCRIPT = Path(sys.executable).parent / "blogcli"
TABLES = ("users", "tags", "posts", "post_tags", "post_imports", "post_search")
INDEX_COLUMNS = {"sqlite": ["rowid", "title", "content"], "postgresql": ["post_id", "part", "document"]}
# The recorded peak memory of a process is at least that of the process that starts it. The benchmark needs more memory
# than the measured command, so this small script starts the command.
MEASURE_SCRIPT = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
# The maximum number of imported Markdown files. The baseline for their import is a fixed number of files per second.
MAX_MARKDOWN_FILES = 10_000
MARKDOWN_FILES_PER_SECOND = 1_000


def run_blogcli(url: str, *arguments: str) -> float:
    """Run a blogcli command in a separate process, and return how many seconds the process took."""
    start = time.perf_counter()
    environ = os.environ | {"BLOGCLI_DATABASE_URL": url}
    subprocess.run([SCRIPT, "--quiet", *arguments], env=environ, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def measure_peak_memory(url: str, *arguments: str) -> str:
    """Run a blogcli command, and return a text that states the peak memory of its largest process."""
    environ = os.environ | {"BLOGCLI_DATABASE_URL": url}
    command = [sys.executable, "-c", MEASURE_SCRIPT, str(SCRIPT), "--quiet", *arguments]
    result = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
    return f"peak memory {int(result.stdout) / 1024:.0f} MB"


class EmptyDatabase:
    """An empty database on the same engine as a given database."""

    def __init__(self, database: BlogDatabase, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def recreate(self) -> str:
        """Create a database with empty tables, and return its URL. A database from a previous call is replaced."""
        url = str(self._folder / "empty.db") if self._database.engine == "sqlite" else self._recreate_on_postgresql()
        for path in self._folder.glob("empty.db*"):
            path.unlink()
        run_blogcli(url, "db", "upgrade")
        return url

    def _recreate_on_postgresql(self) -> str:
        async def recreate() -> None:
            connection = await asyncpg.connect(self._database.url)
            await connection.execute("DROP DATABASE IF EXISTS interchange")
            await connection.execute("CREATE DATABASE interchange")
            await connection.close()

        asyncio.run(recreate())
        return urlunsplit(urlsplit(self._database.url)._replace(path="/interchange"))


def list_columns(table: str, engine: str) -> list[str]:
    """Return the names of the columns of a table, without the columns that the database computes."""
    if table == "post_search":
        return INDEX_COLUMNS[engine]
    return [column.name for column in Base.metadata.tables[table].columns if not column.computed]


def read_sqlite(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of a SQLite database, by the name of the table."""
    connection = sqlite3.connect(url)
    columns = {table: ", ".join(list_columns(table, "sqlite")) for table in TABLES}
    return {table: connection.execute(f"SELECT {columns[table]} FROM {table}").fetchall() for table in TABLES}


def write_sqlite(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Insert rows with the database driver, and return how many seconds the insertion took."""
    connection = sqlite3.connect(url)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    start = time.perf_counter()
    for table, values in rows.items():
        names = ", ".join(list_columns(table, "sqlite"))
        placeholders = ", ".join("?" * len(values[0]))
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({placeholders})", values)
    connection.commit()
    # Closing the connection moves the rest of the write-ahead log to the database file, so closing is measured too.
    connection.close()
    return time.perf_counter() - start


def read_postgresql(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of a PostgreSQL database, by the name of the table."""

    async def run() -> dict[str, list[tuple[Any, ...]]]:
        connection = await asyncpg.connect(url)
        await use_binary_tsvectors(connection)
        columns = {table: ", ".join(list_columns(table, "postgresql")) for table in TABLES}
        rows = {
            table: [tuple(row) for row in await connection.fetch(f"SELECT {columns[table]} FROM {table}")]
            for table in TABLES
        }
        await connection.close()
        return rows

    return asyncio.run(run())


async def use_binary_tsvectors(connection: Any) -> None:  # noqa: ANN401 - asyncpg has no type hints
    """Configure a connection to read and write tsvectors in binary format."""
    await connection.set_type_codec("tsvector", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")


def write_postgresql(url: str, rows: dict[str, list[tuple[Any, ...]]]) -> float:
    """Insert rows with the database driver, and return how many seconds the insertion took."""

    async def run() -> float:
        connection = await asyncpg.connect(url)
        await use_binary_tsvectors(connection)
        start = time.perf_counter()
        async with connection.transaction():
            for table, values in rows.items():
                columns = list_columns(table, "postgresql")
                await connection.copy_records_to_table(table, records=values, columns=columns)
        seconds = time.perf_counter() - start
        await connection.close()
        return seconds

    return asyncio.run(run())


READ = {"sqlite": read_sqlite, "postgresql": read_postgresql}
WRITE: dict[str, Callable[[str, dict[str, list[tuple[Any, ...]]]], float]] = {
    "sqlite": write_sqlite,
    "postgresql": write_postgresql,
}


def measure_import(database: BlogDatabase, source: Path, folder: Path, rounds: int) -> Row:
    """Measure the import of a JSON Lines file into an empty database."""
    empty = EmptyDatabase(database, folder)
    url = empty.recreate()
    peak_memory = measure_peak_memory(url, "import", "jsonl", str(source))
    rows = READ[database.engine](url)
    pairs = [
        (run_blogcli(empty.recreate(), "import", "jsonl", str(source)), WRITE[database.engine](empty.recreate(), rows))
        for _ in range(rounds)
    ]
    return make_row(f"import jsonl, {peak_memory}", database, pairs, target=1.5)


def measure_export(database: BlogDatabase, folder: Path, rounds: int) -> Row:
    """Measure the export of all posts as JSON Lines."""
    exported = folder / "exported.jsonl"
    plain = folder / "plain.jsonl"
    pairs = []
    for _ in range(rounds):
        seconds = run_blogcli(database.url, "export", "jsonl", str(exported))
        start = time.perf_counter()
        subprocess.run([sys.executable, Path(__file__).with_name("plain_export.py"), database.url, plain], check=True)
        pairs.append((seconds, time.perf_counter() - start))
    return make_row("export jsonl", database, pairs, target=2)


def measure_markdown_import(database: BlogDatabase, folder: Path, rounds: int) -> Row:
    """Measure the import of Markdown files into an empty database.

    The baseline is a fixed number of files per second.
    """
    files = folder / "markdown"
    run_blogcli(database.url, "export", "markdown", str(files), "--limit", str(MAX_MARKDOWN_FILES), "--flavor", "hugo")
    posts = sum(1 for _ in files.rglob("*.md"))
    empty = EmptyDatabase(database, folder)
    times = [run_blogcli(empty.recreate(), "import", "markdown", str(files)) for _ in range(rounds)]
    shutil.rmtree(files)
    baseline = posts / MARKDOWN_FILES_PER_SECOND
    return make_row(f"import markdown, {posts:,} files", database, [(seconds, baseline) for seconds in times], target=1)


def make_row(name: str, database: BlogDatabase, pairs: list[tuple[float, float]], *, target: float) -> Row:
    """Return a row with the median times of blogcli and of the baseline, and with the median of the ratios.

    Each pair contains the time of blogcli and the time of the baseline, in seconds.
    """
    blogcli, baseline = (median(pair[side] for pair in pairs) * 1_000 for side in (0, 1))
    ratio = median(pair[0] / pair[1] for pair in pairs)
    return Row(name, database.engine, database.posts, blogcli, baseline, ratio, None, target)


def main() -> None:
    """Run the measurements on all databases, and print the results."""
    options = parse_options(__doc__)
    rows = []
    for database in prepare_databases(options):
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            folder = Path(name)
            source = folder / "source.jsonl"
            run_blogcli(database.url, "export", "jsonl", str(source))
            rows.append(measure_import(database, source, folder, options.rounds))
            rows.append(measure_markdown_import(database, folder, options.rounds))
            if database.engine == "sqlite":
                rows.append(measure_export(database, folder, options.rounds))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
