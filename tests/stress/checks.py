"""The invariants that hold after commands were disturbed."""

import json
import re
import signal
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from tests.command_line import Cli
from tests.databases import fetch
from tests.stress.blogs import TABLES, Blog, State, read_state
from tests.stress.faults import SIGNALS, Fault
from tests.stress.model import Post, Records, Writer
from tests.stress.runs import Run, processes_with

# What a message says if the outcome of a command is unknown.
_UNKNOWN = re.compile(r"unknown|Check whether the changes were made")
# How a message begins that says why a command has failed, or at which line a batch was interrupted.
_REASON = re.compile(r"^(Error: |Stopped at line )", re.MULTILINE)
_TOKEN = re.compile(r"/(w\d+c\d+e)\.toml")
_OWN = re.compile(r"w\d+c|own\d")


class Operation(NamedTuple):
    """An operation of the journal, the ids of the rows that it changed, except links, and the id of its last change."""

    id: int
    kind: str
    command: str
    counts: Mapping[str, list[int]]
    actual_counts: Mapping[str, list[int]]
    row_ids: frozenset[int]
    last_change: int


def read_operations(blog: Blog, *, after: int) -> list[Operation]:
    """Return the operations after an operation."""
    changes: dict[int, list[tuple[Any, ...]]] = {}
    columns = "operation_id, table_no, action, row_id, id"
    query = f"SELECT {columns} FROM journal_changes WHERE operation_id > {after}"  # noqa: S608 - the columns are constants
    for operation_id, *change in fetch(blog.url, query):
        changes.setdefault(operation_id, []).append(tuple(change))
    columns = "id, kind, command, CAST(counts AS text)"
    query = f"SELECT {columns} FROM journal_operations WHERE id > {after} ORDER BY id"  # noqa: S608 - the columns are constants
    return [
        Operation(
            id_,
            kind,
            command,
            json.loads(counts or "{}"),
            _count(changes.get(id_, [])),
            frozenset(row_id for table_no, _, row_id, _ in changes.get(id_, []) if table_no != 4),
            max(change[-1] for change in changes.get(id_, [(0,)])),
        )
        for id_, kind, command, counts in fetch(blog.url, query)
    ]


def _count(changes: Iterable[tuple[Any, ...]]) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = {}
    for table_no, action, *_ in changes:
        numbers = counts.setdefault(list(TABLES)[table_no - 1], [0, 0, 0])
        numbers["iud".index(action)] += 1
    return counts


def read_records(blog: Blog) -> Records:
    """Return the records that belong to a single writer."""
    links = "SELECT post_id, name FROM post_tags JOIN tags ON tags.id = tag_id WHERE name LIKE 'own%'"
    tags: dict[int, set[str]] = {}
    for post_id, name in fetch(blog.url, links):
        tags.setdefault(post_id, set()).add(name)
    posts = "SELECT id, slug, title, content, status, trashed_at IS NOT NULL FROM posts"
    records: Records = {
        slug: Post(title, content.split()[0], status, bool(is_trashed), frozenset(tags.get(id_, ())))
        for id_, slug, title, content, status, is_trashed in fetch(blog.url, posts)
    }
    users = fetch(blog.url, "SELECT email, full_name FROM users")
    records |= dict(users)
    return {name: record for name, record in records.items() if _OWN.match(name)}


def check_run(run: Run, fault: Fault) -> None:
    """Check that the command, the fault or a signal may cause the exit code, and that an error is reported."""
    codes = run.command.codes | fault.codes
    for number in run.signals:
        codes |= SIGNALS[number]
    assert run.code in codes, run
    assert "Unexpected failure" not in run.stderr, run
    # If Ctrl-C arrives while compiled code of pydantic calls Python, the call ignores it, and Python prints that.
    is_ignored = "Exception ignored in" in run.stderr and signal.SIGINT in run.signals
    assert is_ignored or "Traceback" not in run.stderr, run
    # Ctrl-C during the start of the program prints nothing.
    if run.code > 0 and not (run.code == 130 and not run.stderr):
        assert _REASON.search(run.stderr), run


def is_certain(run: Run) -> bool:
    """Return whether the exit code and the message say if the change was saved."""
    return run.code != -9 and not (run.code and _UNKNOWN.search(run.stderr))


class Round(NamedTuple):
    """The runs of each writer since an operation, and the state of the database at that time."""

    runs: Mapping[int, list[Run]]
    newest: int
    state: State


def settle_runs(blog: Blog, writers: list[Writer], round_: Round) -> list[Operation]:
    """Compare the runs with the journal, and complete the records of the writers. Return the operations of the runs."""
    operations = read_operations(blog, after=round_.newest)
    by_token: dict[str, Operation] = {}
    for operation in operations:
        token = _TOKEN.findall(operation.command)[-1]
        assert token not in by_token, operation
        assert operation.counts == operation.actual_counts, operation
        assert operation.kind != "outside"
        by_token[token] = operation
    for writer in writers:
        for run in round_.runs[writer.number]:
            _settle(writer, run, by_token.pop(run.command.token, None))
        writer.uncertain.clear()
    assert not by_token, "The journal contains operations of unknown commands"
    return operations


def _settle(writer: Writer, run: Run, operation: Operation | None) -> None:
    command = run.command
    if is_certain(run):
        if run.code:
            assert operation is None, (run, operation)
        elif command.has_operation is not None:
            assert (operation is not None) == command.has_operation, (run, operation)
    elif operation:
        writer.apply(command)
    if operation is None:
        return
    if run.code == 0 and command.arguments[0] in {"post", "user"}:
        assert {int(id_) for id_ in run.stdout.split()} <= operation.row_ids, (run, operation)
    if command.records:
        verb = "redo" if command.arguments[0] == "undo" else "undo"
        writer.operations[operation.id] = (verb, command.former)


def check_database(blog: Blog, writers: list[Writer], round_: Round, environ: Mapping[str, str], folder: Path) -> int:
    """Check all invariants after a round, and return the id of the newest operation."""
    operations = settle_runs(blog, writers, round_)
    expected = {name: record for writer in writers for name, record in writer.records.items() if record is not None}
    records = read_records(blog)
    assert records == expected, records.items() ^ expected.items()
    assert Cli({**environ, "BLOGCLI_DATABASE_URL": blog.url}).ok("db", "check").stdout == ""
    assert blog.leftovers() == []
    assert processes_with(f"HOME={environ['HOME']}\0") == []
    left = [path for path in Path(environ["TMPDIR"]).rglob("*") if not path.is_dir()]
    assert not left, left
    if operations:
        with blog.copied(folder) as copy:
            cli = Cli({**environ, "BLOGCLI_DATABASE_URL": copy})
            for ids in _undo_groups(operations):
                cli.ok("undo", *ids, "--yes")
            differences = _differences(read_state(copy), round_.state)
            assert not differences, differences
            assert cli.ok("db", "check").stdout == ""
    return operations[-1].id if operations else round_.newest


def _undo_groups(operations: list[Operation]) -> Iterator[list[int]]:
    """Yield the ids of operations in an order in which they can be undone. An undo or a redo can only be undone alone.

    On PostgreSQL, an operation may get its id before another, and wait until the other has changed a row and ended.
    """
    newest_first = sorted(operations, key=lambda operation: -operation.last_change)
    for is_command, group in groupby(newest_first, key=lambda operation: operation.kind == "command"):
        ids = [operation.id for operation in group]
        yield from [ids] if is_command else ([id_] for id_ in ids)


def _differences(state: State, expected: State) -> list[tuple[str, *tuple[Any, ...]]]:
    """Return the rows that are only in one of two states, with the names of their tables."""
    return [(name, *row) for name in TABLES for row in {*state[name]} ^ {*expected[name]}]
