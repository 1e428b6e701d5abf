"""Tests of calling functions with batches in worker processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from blogcli.errors import BlogError
from blogcli.parallel import map_ordered
from blogcli.search.documents import IndexedText, make_fts5_rows
from tests.subprocesses import TIMEOUT, TOP

ENDLESS = """
from itertools import repeat
from blogcli.search.documents import make_fts5_rows
from blogcli.parallel import map_ordered
if __name__ == "__main__":
    for _ in map_ordered(make_fts5_rows, repeat([(1, "title", "content " * 1000)])):
        print(flush=True)
"""


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 40])
def test_results_are_in_order_of_batches(count: int) -> None:
    batches = [[(number, "Título", f"content {number}")] for number in range(count)]
    results = list(map_ordered(make_fts5_rows, batches))
    rows = [[row[:3] for row in batch] for batch in results]
    assert rows == [[(number, "titulo", f"content {number}")] for number in range(count)]


@pytest.mark.parametrize(("weight", "expected"), [(0, 4), (5_000_000, 2), (50_000_000, 1)])
def test_number_of_batches_submitted_in_advance_depends_on_size(weight: int, expected: int) -> None:
    requested: list[int] = []

    def batches() -> Iterator[list[IndexedText]]:
        for number in range(20):
            requested.append(number)
            yield [(number, "title", "content")]

    results = map_ordered(make_fts5_rows, batches(), weigh=lambda _: weight)
    assert [row[:3] for row in next(results)] == [(0, "title", "content")]
    # To decide whether workers are started, the function reads batches until it has four batches, or until their total
    # size is large enough.
    assert len(requested) == expected
    assert len(list(results)) == 19


@pytest.mark.parametrize(("weight", "is_in_this_process"), [(0, True), (50_000_000, False)])
def test_few_large_batches_use_workers(monkeypatch: pytest.MonkeyPatch, weight: int, is_in_this_process: bool) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    (pid,) = map_ordered(eval, ["__import__('os').getpid()"], weigh=lambda _: weight)
    assert (pid == os.getpid()) == is_in_this_process


def test_map_runs_in_this_process_if_workers_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    assert list(map_ordered(eval, ["__import__('os').getpid()"] * 9)) == [os.getpid()] * 9


@pytest.mark.parametrize("batches", [9, 40])
def test_killed_worker_raises_error(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    killed = map_ordered(eval, ["__import__('os').kill(__import__('os').getpid(), 9)"] * batches)
    with pytest.raises(
        BlogError, match="A worker process was killed, perhaps because memory ran out; nothing was changed"
    ):
        list(killed)


@pytest.mark.parametrize("variable", [None, "", "1"])
def test_workers_import_nothing_from_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str | None
) -> None:
    if variable is not None:
        monkeypatch.setenv("PYTHONSAFEPATH", variable)
    for name in ("multiprocessing", "signal", "runpy", "json", "blogcli"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    pids = set(map_ordered(eval, ["__import__('json') and __import__('os').getpid()"] * 9))
    assert pids
    assert os.getpid() not in pids
    assert not (tmp_path / "executed").exists()
    # The variable is restored, because programs of the user, such as an editor, must not inherit the changed value.
    assert os.environ.get("PYTHONSAFEPATH") == variable


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.stress
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_workers_end_with_parent_process(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    process = subprocess.Popen(
        [sys.executable, script], cwd=tmp_path, env={"PYTHONPATH": str(TOP)}, stdout=-1, stderr=-1
    )
    assert process.stdout
    process.stdout.readline()
    workers = children_of(process.pid)
    assert len(workers) >= 2
    process.send_signal(number)
    process.communicate(timeout=TIMEOUT)
    end = time.monotonic() + TIMEOUT
    while any(map(is_running, workers)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(is_running, workers))
