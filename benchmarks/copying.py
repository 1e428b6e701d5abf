"""Measure how long `db copy` takes compared with a copy by the bare drivers.

    python benchmarks/copying.py [--sizes 10000] [--engines sqlite,postgresql] [--rounds 3] [--json]

Each engine is the source of a copy to the other engine. The baseline reads all tables with sqlite3 or asyncpg, converts
the values that the other driver needs, and writes them in one transaction with executemany() or COPY to empty tables
whose triggers are disabled. It neither compares the rows afterwards nor writes the search index. The first measurement
is only the part of `db copy` that writes the rows. The second one also includes the comparison of all rows, and the
third one is the whole copy, including the search index.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
from blogs import BlogDatabase, parse_options, prepare_databases
from interchange import EmptyDatabase, list_columns
from measure import Row, show

from blogcli.database import open_existing_engine
from blogcli.repositories.journal.sqlite_triggers import table_triggers
from blogcli.repositories.journal.tables import journaled_tables
from blogcli.repositories.transfer.tables import TABLES
from blogcli.services.db import copy
from blogcli.settings import Overrides, Settings, load_settings

# The columns that the bare drivers represent by different types.
INSTANTS = {
    "created_at", "updated_at", "published_at", "trashed_at", "expires_at", "first_published_at", "started_at",
    "ended_at",
}  # fmt: skip
TARGET = 2.0
BATCH = 1_000


def load(url: str) -> Settings:
    """Return the settings for a database without a config file."""
    return load_settings(Overrides(database_url=url), {"XDG_CONFIG_HOME": "/nonexistent"})


async def measure_copy(source: str, target: str) -> tuple[float, float, float]:
    """Copy a blog, and return after how many seconds the rows were written, compared, and indexed."""
    times: dict[str, float] = {}

    def mark(phase: str) -> Callable[[int, int], None]:
        def report(_done: int, _total: int) -> None:
            times.setdefault(phase, time.perf_counter())

        return report

    settings = load(source)
    start = time.perf_counter()
    async with open_existing_engine(settings) as engine:
        other = replace(settings, database_url=target)
        await copy.copy(engine, settings, other, on_verified=mark("written"), on_indexed=mark("compared"))
    end = time.perf_counter()
    return times["written"] - start, times["compared"] - start, end - start


async def copy_to_postgresql(source: str, target: str) -> None:
    """Copy all rows from a SQLite file to PostgreSQL with the bare drivers."""
    reader = sqlite3.connect(source)
    writer = await asyncpg.connect(target)
    async with writer.transaction():
        for table in TABLES:
            columns = list_columns(table, "sqlite")
            convert = [_to_postgresql(column) for column in columns]
            await writer.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER; DELETE FROM {table}")
            cursor = reader.execute(f"SELECT {', '.join(columns)} FROM {table}")
            while rows := cursor.fetchmany(BATCH):
                await writer.copy_records_to_table(table, records=_convert(rows, convert), columns=columns)
    await writer.close()
    reader.close()


async def copy_to_sqlite(source: str, target: str) -> None:
    """Copy all rows from PostgreSQL to a SQLite file with the bare drivers."""
    reader = await asyncpg.connect(source)
    writer = sqlite3.connect(target, isolation_level=None)
    writer.execute("BEGIN")
    for table in journaled_tables():
        for trigger in table_triggers(table):
            writer.execute(f"DROP TRIGGER {trigger}")
    async with reader.transaction():
        for table_name in TABLES:
            columns = list_columns(table_name, "sqlite")
            convert = [_to_sqlite(column) for column in columns]
            places = ", ".join("?" * len(columns))
            writer.execute(f"DELETE FROM {table_name}")
            cursor = await reader.cursor(f"SELECT {', '.join(columns)} FROM {table_name}")
            while rows := await cursor.fetch(BATCH):
                writer.executemany(
                    f"INSERT INTO {table_name} ({', '.join(columns)}) VALUES ({places})", _convert(rows, convert)
                )
    writer.execute("COMMIT")
    await reader.close()
    writer.close()


def _convert(rows: Iterable[Any], convert: list[Callable[[Any], Any] | None]) -> list[list[Any]]:
    converted = [list(row) for row in rows]
    for position, function in enumerate(convert):
        if function:
            for row in converted:
                if row[position] is not None:
                    row[position] = function(row[position])
    return converted


def _to_postgresql(column: str) -> Callable[[Any], Any] | None:
    if column in INSTANTS:
        return datetime.fromisoformat
    return {"uuid": UUID, "is_active": bool}.get(column)


def _to_sqlite(column: str) -> Callable[[Any], Any] | None:
    if column in INSTANTS:
        return lambda value: f"{value:%Y-%m-%dT%H:%M:%S.%fZ}"
    return {"uuid": lambda value: value.hex}.get(column)


def measure(database: BlogDatabase, other: BlogDatabase, folder: Path, rounds: int) -> Iterable[Row]:
    """Copy a database to the engine of another database, by blogcli and by the bare drivers alternately."""
    baseline = copy_to_postgresql if database.engine == "sqlite" else copy_to_sqlite
    times: list[tuple[float, float, float]] = []
    baseline_times: list[float] = []
    for _ in range(rounds):
        times.append(asyncio.run(measure_copy(database.url, EmptyDatabase(other, folder).recreate())))
        target = EmptyDatabase(other, folder).recreate()
        start = time.perf_counter()
        asyncio.run(baseline(database.url, target))
        baseline_times.append(time.perf_counter() - start)
    for position, phase in enumerate(("rows written", "and compared", "and indexed")):
        seconds = [row[position] for row in times]
        yield Row(
            f"copy to {other.engine}: {phase}",
            database.engine,
            database.posts,
            ms=median(seconds) * 1000,
            baseline_ms=median(baseline_times) * 1000,
            ratio=median(a / b for a, b in zip(seconds, baseline_times, strict=True)),
            statements_ratio=None,
            target=TARGET if position == 0 else None,
        )


def main() -> None:
    """Run the measurements, and print the results."""
    options = parse_options(__doc__)
    databases = list(prepare_databases(options))
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for database in databases:
            for other in databases:
                if other.engine != database.engine and other.posts == database.posts:
                    rows += measure(database, other, Path(folder), min(options.rounds, 3))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
