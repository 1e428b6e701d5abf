"""Tests that an import that is killed and repeated, or run twice at once, creates the same posts as a single import."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates
from tests.stress import IS_FULL
from tests.subprocesses import TIMEOUT, Program

# In the long form, there are so many posts that the import uses worker processes.
KILLS, POSTS = (50, 3_000) if IS_FULL else (1, 300)

pytestmark = pytest.mark.stress


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Write a file of posts. Some posts have the same slug, and some posts have the same UUID."""
    path = tmp_path / "blog.jsonl"
    with path.open("w") as file:
        file.write('{"type": "blogcli", "version": 1}\n')
        for number in range(POSTS):
            post = {
                "type": "post",
                "uuid": str(UUID(int=number - (number % 100 == 99))),
                "title": f"Post {number}",
                "slug": f"post-{number // 2}",
                "content": f"words of {number} " * 20,
                "author": f"user{number % 7}@example.org",
                "tags": [f"tag{number % 11}", f"Tag{number % 13}"],
                "created_at": f"2024-01-01T00:00:00.{number:06}Z",
            }
            file.write(f"{json.dumps(post)}\n")
    return path


@pytest.fixture
def empty_databases(templates: Templates, engine_name: str, tmp_path: Path) -> Iterator["EmptyDatabases"]:
    databases = EmptyDatabases(templates, engine_name, tmp_path)
    yield databases
    databases.drop()


class EmptyDatabases:
    """Creates empty databases, and drops them at the end of the test."""

    def __init__(self, templates: Templates, engine: str, folder: Path) -> None:
        self._templates = templates
        self._engine = engine
        self._folder = folder
        self._urls: list[str] = []

    def new_environment(self) -> dict[str, str]:
        """Create an empty database, and return environment variables that select it."""
        home = self._folder / f"home{len(self._urls)}"
        home.mkdir()
        self._urls.append(self._templates.new(self._engine, home))
        return environment(self._urls[-1], home)

    def drop(self) -> None:
        """Drop the databases that were created."""
        for url in self._urls:
            self._templates.drop(url)


def export_without_users(environ: dict[str, str]) -> list[str]:
    """Return the lines of an export, except the users, because the creation times of users differ between runs."""
    return [line for line in Cli(environ).ok("export", "jsonl").lines if '"type": "user"' not in line]


def test_import_after_killed_import_equals_undisturbed_import(blog: Path, empty_databases: EmptyDatabases) -> None:
    undisturbed_environ = empty_databases.new_environment()
    started = time.monotonic()
    assert Program(undisturbed_environ)("import", "jsonl", str(blog)).returncode == 0
    duration = time.monotonic() - started
    expected = export_without_users(undisturbed_environ)
    delays = random.Random(7)  # noqa: S311 - the delays are not security-relevant
    for _ in range(KILLS):
        environ = empty_databases.new_environment()
        process = Program(environ).start("import", "jsonl", str(blog))
        time.sleep(delays.uniform(0, duration))
        process.kill()
        process.communicate(timeout=TIMEOUT)
        assert Cli(environ).ok("post", "list", "--format", "count").stdout in {"0\n", f"{POSTS}\n"}
        repeated = Program(environ)("import", "jsonl", str(blog))
        assert repeated.returncode == 0, repeated.stderr
        assert export_without_users(environ) == expected
        assert Program(environ)("db", "check").returncode == 0


def test_import_at_the_same_time_waits_and_changes_nothing(blog: Path, empty_databases: EmptyDatabases) -> None:
    environ = empty_databases.new_environment()
    processes = [Program(environ).start("import", "jsonl", str(blog)) for _ in range(2)]
    summaries = sorted(process.communicate(timeout=TIMEOUT)[1].decode().splitlines()[0] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert summaries[0].startswith(f"Imported {POSTS:,} posts")
    assert summaries[1] == f"Imported posts: 0 created, 0 updated, {POSTS:,} unchanged."
