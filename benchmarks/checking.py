"""Measure how much CPU time `db check` takes.

    python benchmarks/checking.py [--sizes 100000] [--engines sqlite,postgresql] [--rounds 3] [--json]

The command is measured as a whole process, including its worker processes and the server process of PostgreSQL. The
baseline is `db check --full`, which analyzes the text of every post.
"""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from blogs import BlogDatabase, parse_options, prepare_databases
from interchange import SCRIPT
from journal import MEASURE_SCRIPT
from measure import Row, show


def measure(database: BlogDatabase, *arguments: str) -> float:
    """Run a command on a database, and return its CPU time in seconds."""
    environ = os.environ | {"BLOGCLI_DATABASE_URL": database.url}
    command = [sys.executable, "-c", MEASURE_SCRIPT, str(SCRIPT), "--quiet", *arguments]
    before = _measure_server(database)
    output = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True).stdout
    return float(output.split()[0]) + _measure_server(database) - before


def _measure_server(database: BlogDatabase) -> float:
    """Return the CPU time in seconds of all processes of the server that have ended."""
    if database.engine != "postgresql":
        return 0.0
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    while asyncio.run(_fetch_value(database.url, others + " AND backend_type = 'client backend'")):
        time.sleep(0.05)
    time.sleep(0.2)
    process_id = asyncio.run(_fetch_value(database.url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))
    # The name of the command in parentheses may contain spaces. The fields 16 and 17 of the line are the times of ended
    # child processes.
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


async def _fetch_value(url: str, query: str) -> Any:  # noqa: ANN401 - the type depends on the query
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def make_row(database: BlogDatabase, name: str, pairs: list[tuple[float, float]]) -> Row:
    """Return the row of a measurement from the times of the command and of its baseline."""
    return Row(
        name,
        database.engine,
        database.posts,
        ms=median(pair[0] for pair in pairs) * 1_000,
        baseline_ms=median(pair[1] for pair in pairs) * 1_000,
        ratio=median(first / second for first, second in pairs),
        statements_ratio=None,
        target=None,
    )


def main() -> None:
    """Run the measurements on all databases, and print the results."""
    options = parse_options(__doc__)
    rows = []
    for database in prepare_databases(options):
        pairs = [
            (measure(database, "db", "check"), measure(database, "db", "check", "--full"))
            for _ in range(options.rounds)
        ]
        rows.append(make_row(database, "db check / db check --full", pairs))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
