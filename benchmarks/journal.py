"""Measure what the journal adds to commands, how long undo and redo take, and how long reading the journal takes.

    python benchmarks/journal.py [--sizes 10000] [--engines sqlite,postgresql] [--rounds 3] [--json]

Commands are measured as whole processes. Their times are CPU times, including those of worker processes and of the
PostgreSQL server process, because other programs influence CPU times less than elapsed times. The baseline of a command
is the same command in a database without the triggers of the journal, and the baseline of an undo or a redo is the
command that it reverts or applies again. The peak memory is the maximum resident memory of the largest process of the
client. The baseline of reading the journal is hand-written SQL that the database driver executes.
"""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import asyncpg
from blogs import BlogDatabase, parse_options, prepare_databases
from interchange import SCRIPT, EmptyDatabase, run_blogcli
from measure import Row, show

from blogcli.repositories.journal.sqlite_triggers import table_triggers
from blogcli.repositories.journal.tables import journaled_tables

# This script runs a command, and prints its CPU time in seconds and its peak memory in kilobytes. The recorded peak
# memory of a process is at least that of the process that starts it, so a small process starts the command.
MEASURE_SCRIPT = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""
# The target for the time of an import with the journal compared with its time without the journal, and the targets for
# the times of undo and redo compared with the time of the command.
MAX_IMPORT, MAX_UNDO, MAX_REDO = 1.3, 1.0, 1.2
MERGED_TAGS = [f"tag-{number}" for number in range(2, 51)]
# Maps each measured command to its arguments. Each command changes all posts or most posts. The commands run in this
# order in the same database.
COMMANDS = {
    "import jsonl": ["import", "jsonl", "{source}"],
    "post publish": ["post", "publish", "--all", "--yes"],
    "tag merge": ["tag", "merge", *MERGED_TAGS, "tag-1", "--yes"],
    "post delete --purge": ["post", "delete", "--all", "--purge", "--yes"],
}
# Run before the command of the same name, because published posts are not published again.
PREPARATIONS = {"post publish": ["post", "unpublish", "--all", "--yes"]}


@dataclass(frozen=True, slots=True)
class Usage:
    """The CPU time in seconds and the peak memory in megabytes of a command."""

    seconds: float
    memory: float


class MeasuredDatabase:
    """A new database, in which commands are measured."""

    def __init__(self, database: BlogDatabase, folder: Path, *, with_journal: bool) -> None:
        self._is_sqlite = database.engine == "sqlite"
        self.url = EmptyDatabase(database, folder).recreate()
        if not with_journal:
            self._disable_journal()

    def _disable_journal(self) -> None:
        tables = journaled_tables()
        if self._is_sqlite:
            self.execute(*(f"DROP TRIGGER {name}" for table in tables for name in table_triggers(table)))
        else:
            triggers = ("journal_insert", "journal_change", "journal_truncate")
            self.execute(*(f"ALTER TABLE {table.name} DISABLE TRIGGER {name}" for table in tables for name in triggers))

    def execute(self, *statements: str) -> Any:  # noqa: ANN401 - the type depends on the statement
        """Execute statements, and return the first value of the last statement, if any."""
        if self._is_sqlite:
            connection = sqlite3.connect(self.url, isolation_level=None)
            row = [connection.execute(statement).fetchone() for statement in statements][-1]
            connection.close()
            return row[0] if row else None
        return asyncio.run(self._execute_on_server(statements))

    async def _execute_on_server(self, statements: tuple[str, ...]) -> Any:  # noqa: ANN401 - see `execute`
        connection = await asyncpg.connect(self.url)
        try:
            return [await connection.fetchval(statement) for statement in statements][-1]
        finally:
            await connection.close()

    def measure(self, *arguments: str) -> Usage:
        """Run a blogcli command in a separate process."""
        environ = os.environ | {"BLOGCLI_DATABASE_URL": self.url}
        server_time = self._measure_server()
        command = [sys.executable, "-c", MEASURE_SCRIPT, str(SCRIPT), "--quiet", *arguments]
        result = subprocess.run(command, env=environ, stdout=subprocess.PIPE, check=True)
        seconds, kilobytes = result.stdout.split()
        return Usage(float(seconds) + self._measure_server() - server_time, int(kilobytes) / 1024)

    def _measure_server(self) -> float:
        """Return the CPU time in seconds of all server processes that have ended."""
        if self._is_sqlite:
            return 0
        self._wait_for_server_processes()
        process_id = self.execute("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)")
        # The name of the command in parentheses may contain spaces. The fields 16 and 17 of the line are the times of
        # ended child processes.
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    def _wait_for_server_processes(self) -> None:
        """Wait until the server process of the last command has ended."""
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.execute(others + " AND backend_type = 'client backend'"):
            time.sleep(0.05)
        time.sleep(0.2)

    def newest_operation(self) -> str:
        """Return the id of the newest operation in the journal."""
        return str(self.execute("SELECT max(id) FROM journal_operations"))


def measure_commands(database: BlogDatabase, source: Path, folder: Path) -> dict[tuple[str, str], tuple[Usage, Usage]]:
    """Run all commands once with and without the journal, and undo and redo each of them.

    The keys of the results are the name of a command and `command`, `undo` or `redo`. Each result contains the usage
    and the usage of the baseline.
    """
    results = {}
    usages: dict[bool, dict[str, Usage]] = {}
    for with_journal in (False, True):
        measured = MeasuredDatabase(database, folder, with_journal=with_journal)
        usages[with_journal] = {}
        for name, words in COMMANDS.items():
            if name in PREPARATIONS:
                run_blogcli(measured.url, *PREPARATIONS[name])
            usage = measured.measure(*(word.format(source=source) for word in words))
            usages[with_journal][name] = usage
            if with_journal:
                operation = measured.newest_operation()
                for verb in ("undo", "redo"):
                    results[name, verb] = (measured.measure(verb, operation, "--yes"), usage)
    for name in COMMANDS:
        results[name, "command"] = (usages[True][name], usages[False][name])
    return results


def make_rows(database: BlogDatabase, rounds: list[dict[tuple[str, str], tuple[Usage, Usage]]]) -> Iterator[Row]:
    """Yield a row for each command, and for its undo and its redo."""
    kinds = (
        ("command", "{}, with / without journal", None),
        ("undo", "undo of {} / command", MAX_UNDO),
        ("redo", "redo of {} / command", MAX_REDO),
    )
    for command in COMMANDS:
        for kind, name, target in kinds:
            pairs = [results[command, kind] for results in rounds]
            memory = max(usage.memory for usage, _ in pairs)
            yield Row(
                f"{name.format(command)}, peak memory {memory:.0f} MB",
                database.engine,
                database.posts,
                ms=median(usage.seconds for usage, _ in pairs) * 1_000,
                baseline_ms=median(baseline.seconds for _, baseline in pairs) * 1_000,
                ratio=median(usage.seconds / baseline.seconds for usage, baseline in pairs),
                statements_ratio=None,
                target=MAX_IMPORT if (command, kind) == ("import jsonl", "command") else target,
            )


def main() -> None:
    """Run the measurements on all databases, and print the results."""
    options = parse_options(__doc__)
    rows: list[Row] = []
    for database in prepare_databases(options):
        with tempfile.TemporaryDirectory(dir=options.folder) as name:
            folder = Path(name)
            source = folder / "source.jsonl"
            run_blogcli(database.url, "export", "jsonl", str(source))
            rounds = [measure_commands(database, source, folder) for _ in range(options.rounds)]
            rows += make_rows(database, rounds)
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
