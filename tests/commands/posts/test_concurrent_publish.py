"""Stress tests of many processes that run `post publish-due` at the same time, as several cron jobs may do."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select, text

from blogcli.database import open_database
from blogcli.models import Post
from tests.command_line import Cli, environment
from tests.databases import settings_for
from tests.stress import IS_FULL
from tests.subprocesses import Program

RUNS = 20 if IS_FULL else 6
POSTS = 2_000 if IS_FULL else 100
DUE = "2090-01-02"
PUBLISH_DUE = ("post", "publish-due", "--now", DUE)
_RUNNING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
_BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")

pytestmark = pytest.mark.stress


@pytest.fixture
def program(database_url: str, tmp_path: Path) -> Program:
    return Program(environment(database_url, tmp_path))


@pytest.fixture
def blog(cli: Cli) -> Cli:
    """Return the command line on a blog with scheduled posts, and with as many published posts that expire."""
    cli.ok("db", "seed", "--posts", 2 * POSTS, "--users", 1)
    ids = cli.ok("post", "list", "--sort", "id", "--format", "ids").lines
    scheduled, expiring = ("\n".join(part) for part in (ids[:POSTS], ids[POSTS:]))
    cli.ok("post", "schedule", "--from", "-", "--at", "2090-01-01", stdin=scheduled)
    cli.ok("post", "publish", "--from", "-", stdin=expiring)
    cli.ok("post", "expire", "--from", "-", "--at", "2090-01-01", stdin=expiring)
    return cli


def test_concurrent_runs_change_each_post_once(blog: Cli, program: Program) -> None:
    versions = dict(version.split("\t") for version in blog.ok("post", "list", "--fields", "id,updated_at").lines)
    processes = [program.start(*PUBLISH_DUE) for _ in range(RUNS)]
    outputs = [process.communicate() for process in processes]
    runs = [(process.returncode, *output) for process, output in zip(processes, outputs, strict=True)]
    assert {code for code, _, _ in runs} <= {0, 75}, runs
    # A run that fails has not waited for the lock, prints nothing on stdout, and gives the reason.
    assert {stdout for code, stdout, _ in runs if code} <= {b""}
    assert all(b"Another run of `post publish-due` is in progress" in stderr for code, _, stderr in runs if code)
    changed = Counter(id_ for _, stdout, _ in runs for id_ in stdout.decode().split())
    assert changed == dict.fromkeys(versions, 1)
    assert blog.ok("post", "list", "--status", "published", "--format", "count").stdout == f"{POSTS}\n"
    assert blog.ok("post", "list", "--status", "draft", "--format", "count").stdout == f"{POSTS}\n"
    assert blog.ok(*PUBLISH_DUE).stderr == "Nothing to do.\n"


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_lock_ends_with_killed_process(blog: Cli, program: Program, database_url: str) -> None:
    async with open_database(settings_for(database_url)) as sessions:
        async with sessions.begin() as other, sessions() as observer:
            await other.execute(select(Post.id).with_for_update())
            process = program.start(*PUBLISH_DUE)
            async with asyncio.timeout(60):
                while not await observer.scalar(_BLOCKED):
                    await observer.rollback()
                    await asyncio.sleep(0.05)
            assert await observer.scalar(_RUNNING) == 1
            assert (await asyncio.to_thread(program, *PUBLISH_DUE)).returncode == 75
            process.kill()
            process.communicate()
        # The server notices the end of the process after the statement that waited for the rows.
        async with asyncio.timeout(60):
            run = await asyncio.to_thread(program, *PUBLISH_DUE)
            while run.returncode == 75:
                run = await asyncio.to_thread(program, *PUBLISH_DUE)
    assert (run.returncode, len(run.stdout.split())) == (0, 2 * POSTS)
