"""Tests that a cancelled command waits for the threads of its SQLite connections before it closes the event loop."""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from blogcli.database import SessionFactory
from blogcli.enums import IfMissing
from blogcli.errors import CancelledByUserError, TerminatedError
from blogcli.models import Tag
from blogcli.runner import run, run_migrations
from blogcli.signals import restoring_signals
from tests.databases import Templates, settings_for

# The number of runs of a command. Run 1 receives a signal at the first request, run 2 at the second request, and so on.
# A run has fewer requests than this number, so the last run is not interrupted.
MAX_REQUESTS = 22


def signal_at_requests(monkeypatch: pytest.MonkeyPatch, number: int, requests: range) -> None:
    """Make SQLite connections send the signal `number` to this process at each request whose number is in `requests`.

    The thread of a connection is slowed down, so that the signal arrives before the request is finished.
    """
    request_count = 0

    class SlowQueue(SimpleQueue[Any]):
        def put_nowait(self, item: Any) -> None:
            nonlocal request_count
            request_count += 1
            super().put_nowait(item)
            if request_count in requests:
                os.kill(os.getpid(), number)

        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            item = super().get(block, timeout)
            time.sleep(0.003)
            return item

    monkeypatch.setattr("aiosqlite.core.SimpleQueue", SlowQueue)


def write_tag(url: str, name: str) -> None:
    async def create_tag(sessions: SessionFactory) -> None:
        async with sessions.begin() as session:
            session.add(Tag(key=name, name=name))

    with restoring_signals():
        run(settings_for(url), create_tag)


def connect_to_missing_file(url: str, _: str) -> None:
    async def connect(engine: AsyncEngine) -> None:
        async with engine.connect():
            pass

    with restoring_signals():
        run_migrations(settings_for(f"{url}.missing"), connect, if_missing=IfMissing.PRETEND)


# Python 3.13 and later warn if a connection is freed that was not closed, such as that of a command that was
# interrupted while it was connecting. The operating system closes it when the program ends.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.parametrize("command", [write_tag, connect_to_missing_file])
@pytest.mark.parametrize(
    ("number", "failure", "times"), [(signal.SIGTERM, TerminatedError, 1), (signal.SIGINT, CancelledByUserError, 3)]
)
def test_cancelled_command_leaves_no_thread(
    templates: Templates,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    command: Callable[[str, str], None],
    number: int,
    failure: type[Exception],
    times: int,
) -> None:
    url = templates.new_sqlite(tmp_path)
    thread_errors: list[Any] = []
    monkeypatch.setattr(threading, "excepthook", thread_errors.append)
    interrupted_runs = []
    for first in range(1, MAX_REQUESTS + 1):
        signal_at_requests(monkeypatch, number, range(first, first + times))
        try:
            command(url, str(first))
        except failure:
            interrupted_runs.append(first)
        for thread in threading.enumerate():
            if "_connection_worker_thread" in thread.name:
                thread.join(2)
    # Free the connections that the interrupted commands have not closed, so that their warnings belong to this test.
    gc.collect()
    assert not thread_errors
    # SQLAlchemy logs an error if a rollback fails.
    assert not [record for record in caplog.records if record.levelname != "INFO"]
    assert interrupted_runs[0] == 1
    assert interrupted_runs[-1] < MAX_REQUESTS
