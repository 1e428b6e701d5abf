"""Tests that a failover of PostgreSQL under load loses no confirmed change and makes no change twice."""

import json
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli, environment
from tests.databases import fetch
from tests.failover_writer import DONE, EMAIL
from tests.postgresql_cluster import Cluster, wait_until
from tests.stress import IS_FULL
from tests.subprocesses import TIMEOUT, TOP

UNAVAILABLE, TRY_AGAIN = 69, 75
WRITERS = 6 if IS_FULL else 2
# The numbers of posts that each writer creates before and after the failover.
POSTS_BEFORE, POSTS_AFTER = (30, 15) if IS_FULL else (3, 2)
ROUNDS = 5 if IS_FULL else 1
# What happens to the commits that wait when the primary is killed.
SITUATIONS = ("lost", "received", "random") if IS_FULL else ("lost",)
# The time in seconds that writers need at most for their posts on a busy machine.
PATIENCE = 300

LOG = logging.getLogger(__name__)

pytestmark = [pytest.mark.stress, pytest.mark.postgresql, pytest.mark.untraced]


class Writers:
    """Processes that create posts at the same time."""

    def __init__(self, url: str, folder: Path) -> None:
        self._stop = folder / "stop"
        self._logs = [folder / f"writer-{number}.jsonl" for number in range(WRITERS)]
        self._processes = [
            subprocess.Popen([sys.executable, "-m", "tests.failover_writer", url, log.stem, log, self._stop], cwd=TOP)
            for log in self._logs
        ]

    def entries(self) -> list[list[dict[str, Any]]]:
        """Return the results of the commands of each writer."""
        return [
            [json.loads(line) for line in log.read_text().splitlines(keepends=True) if line.endswith("\n")]
            if log.exists()
            else []
            for log in self._logs
        ]

    def confirmed(self) -> list[int]:
        """Return the number of posts that were confirmed to each writer."""
        return [sum(entry["code"] == DONE for entry in entries) for entries in self.entries()]

    def wait_for(self, minima: list[int]) -> None:
        """Wait until a number of posts was confirmed to each writer."""
        wait_until(lambda: all(map(int.__ge__, self.confirmed(), minima)), timeout=PATIENCE)

    def stop(self) -> list[dict[str, Any]]:
        """Wait until each writer has completed its last post, and return the results of all commands."""
        self._stop.touch()
        assert [process.wait(TIMEOUT) for process in self._processes] == [0] * WRITERS
        return [entry for entries in self.entries() for entry in entries]

    def kill(self) -> None:
        """Kill the processes that are still running."""
        for process in self._processes:
            process.kill()
            process.wait()


@contextmanager
def start_writers(url: str, folder: Path) -> Iterator[Writers]:
    writers = Writers(url, folder)
    try:
        yield writers
    finally:
        writers.kill()


@pytest.mark.parametrize("round_", range(ROUNDS))
@pytest.mark.parametrize("situation", SITUATIONS)
def test_failover_under_load_keeps_each_confirmed_post_once(situation: str, round_: int, tmp_path: Path) -> None:
    """Kill the primary while each writer waits for the standby at a commit, or at a random time.

    Before, either the primary stops sending changes to the standby, so that the commits are lost, or the standby stops
    answering, so that it has received the commits.
    """
    with Cluster() as cluster:
        url = cluster.url("one", "two")
        cli = Cli(environment(url, tmp_path))
        cli.ok("db", "upgrade")
        cli.ok("user", "create", EMAIL, "--no-password")
        with start_writers(url, tmp_path) as writers:
            writers.wait_for([POSTS_BEFORE] * WRITERS)
            if situation == "lost":
                cluster.pause_replication()
            paused_processes = cluster.pause("two") if situation == "received" else []
            if situation == "random":
                time.sleep(0.013 * round_)
            else:
                wait_until(lambda: count_waiting_commits(cluster.url("one")) == WRITERS)
            cluster.kill("one")
            cluster.resume(paused_processes)
            cluster.promote("two")
            writers.wait_for([number + POSTS_AFTER for number in writers.confirmed()])
            entries = writers.stop()
        verify(entries, cluster.url("two"))
        assert cli.json("db", "check") == []
    unknown = [entry["exists"] for entry in entries if "exists" in entry]
    assert situation == "random" or unknown == [situation == "received"] * WRITERS
    # The option --log-cli-level=INFO shows these numbers.
    failed = sum(entry["code"] != DONE for entry in entries)
    LOG.info(
        "%d confirmed, %d failed, %d unknown, %d of them made",
        len(entries) - failed,
        failed,
        len(unknown),
        sum(unknown),
    )


def count_waiting_commits(url: str) -> int:
    """Return the number of commits that wait for the standby."""
    return int(fetch(url, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")[0][0])


def verify(entries: list[dict[str, Any]], url: str) -> None:
    """Compare the results of the commands with the posts and the journal."""
    confirmed = [entry["key"] for entry in entries if entry["code"] == DONE]
    posts = [title for (title,) in fetch(url, "SELECT title FROM posts")]
    assert sorted(posts) == sorted(confirmed)
    assert len({*posts}) == len(posts)
    assert {entry["code"] for entry in entries} <= {DONE, UNAVAILABLE, TRY_AGAIN}
    insertions = fetch(
        url,
        """SELECT title, operation_id, started_at FROM journal_changes LEFT JOIN posts ON posts.id = row_id
        JOIN journal_operations ON journal_operations.id = operation_id WHERE table_no = 2""",
    )
    operations = {title: (id_, started_at) for title, id_, started_at in insertions}
    assert len(insertions) == len(operations) == len(posts)
    for entry in entries:
        if "exists" in entry:
            operation = (entry["operation"], datetime.fromisoformat(entry["started_at"]))
            assert (operations[entry["key"]] == operation) == entry["exists"]
        elif entry["code"] != DONE:
            assert "nothing was changed" in entry["error"] or "cannot be reached" in entry["error"], entry
