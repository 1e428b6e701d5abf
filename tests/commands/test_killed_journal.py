"""Tests that a command that is killed leaves a complete operation of the journal, or nothing."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates, fetch
from tests.stress import IS_FULL
from tests.subprocesses import TIMEOUT, Program

# The number of kills of each command, and the number of posts.
KILLS, POSTS = (17, 1_500) if IS_FULL else (1, 60)
SEED = int(os.environ.get("BLOGCLI_STRESS_SEED", "7"))
# The part of the duration of a command after which it is killed: loading the modules takes the first part.
EARLIEST, LATEST = 0.3, 1.1
# The key columns of each recorded table.
TABLES = {"users": "id", "posts": "id", "tags": "id", "post_tags": "post_id, tag_id", "post_imports": "post_id"}
IMPORT_ID = 1
# Maps each command to whether it runs in the blog from which the import was undone, and to its arguments.
COMMANDS = {
    "post replace": (False, ["post", "replace", "words", "texts", "--all", "--yes"]),
    "tag merge": (False, ["tag", "merge", *(f"tag{number}" for number in range(10)), "target", "--yes"]),
    "import": (False, ["import", "jsonl", "{folder}/second.jsonl"]),
    "post publish-due": (False, ["post", "publish-due", "--now", "2100-01-01"]),
    "undo": (False, ["undo", str(IMPORT_ID), "--yes"]),
    "redo": (True, ["redo", str(IMPORT_ID), "--yes"]),
}

pytestmark = pytest.mark.stress

State = dict[str, list[tuple[Any, ...]]]


def write_posts(path: Path, *, first: int) -> None:
    """Write a file of scheduled posts with the numbers from `first` on."""
    with path.open("w") as file:
        file.write('{"type": "blogcli", "version": 1}\n')
        for number in range(first, first + POSTS):
            post = {
                "type": "post",
                "uuid": str(UUID(int=number)),
                "title": f"Post {number}",
                "slug": f"post-{number}",
                "content": f"words of {number} " * 20,
                "author": f"user{number % 7}@example.org",
                "tags": [f"tag{number % 11}", "target"],
                "status": "published",
                "published_at": "2099-01-01T00:00:00Z",
            }
            file.write(f"{json.dumps(post)}\n")


class Blog(NamedTuple):
    """A database, and the environment variables that select it."""

    url: str
    environ: dict[str, str]

    def read_state(self) -> State:
        """Return all rows of the recorded tables as the database stores them."""
        row = "t::text" if self.url.startswith("postgres") else "*"
        return {
            name: fetch(self.url, f"SELECT {row} FROM {name} AS t ORDER BY {key}")  # noqa: S608 - the names are constants
            for name, key in TABLES.items()
        }

    def read_counts(self) -> dict[int, dict[str, list[int]]]:
        """Return the recorded numbers of changes of each operation, by the id of the operation."""
        rows = fetch(self.url, "SELECT id, CAST(counts AS text) FROM journal_operations")
        return {id_: json.loads(counts) for id_, counts in rows}

    def count_changes(self) -> dict[int, dict[str, list[int]]]:
        """Return the numbers of changes in the journal, in the form in which `read_counts` returns them."""
        counts: dict[int, dict[str, list[int]]] = {}
        columns = "operation_id, table_no, action"
        query = f"SELECT {columns}, count(*) FROM journal_changes GROUP BY {columns}"  # noqa: S608 - the names are constants
        for id_, table_no, action, count in fetch(self.url, query):
            names = counts.setdefault(id_, {})
            names.setdefault(list(TABLES)[table_no - 1], [0, 0, 0])["iud".index(action)] = count
        return counts

    def wait_until_unused(self) -> None:
        """Wait until no other connection is open. A server notices only later that a client was killed."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        deadline = time.monotonic() + TIMEOUT
        while self.url.startswith("postgres") and fetch(self.url, query) != [(0,)]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


class Blogs:
    """Creates blogs with posts, and drops them at the end of the test."""

    def __init__(self, templates: Templates, engine: str, folder: Path) -> None:
        self.folder = folder
        self._templates = templates
        self._engine = engine
        self._number = 0
        write_posts(folder / "first.jsonl", first=0)
        write_posts(folder / "second.jsonl", first=POSTS // 2)
        self.imported = self.copy()
        Cli(self.imported.environ).ok("import", "jsonl", f"{folder}/first.jsonl")
        self.used = [self.imported]

    def undo_import(self) -> Blog:
        """Return a copy of the imported blog in which the import is undone."""
        blog = self.copy(self.imported)
        self.used.append(blog)
        Cli(blog.environ).ok("undo", IMPORT_ID, "--yes")
        return blog

    def copy(self, blog: Blog | None = None) -> Blog:
        """Return a copy of a blog, or a new empty blog."""
        self._number += 1
        home = self.folder / f"home{self._number}"
        home.mkdir()
        url = self._templates.new(self._engine, home, template=blog.url if blog else None)
        return Blog(url, environment(url, home))

    def drop(self, blog: Blog) -> None:
        self._templates.drop(blog.url)


@pytest.fixture
def blogs(templates: Templates, engine_name: str, tmp_path: Path) -> Iterator[Blogs]:
    blogs = Blogs(templates, engine_name, tmp_path)
    yield blogs
    for blog in blogs.used:
        blogs.drop(blog)


@pytest.mark.parametrize("name", COMMANDS)
def test_killed_command_leaves_whole_operation_or_nothing(
    name: str, blogs: Blogs, record_property: Callable[[str, object], None]
) -> None:
    is_undone, words = COMMANDS[name]
    arguments = [word.format(folder=blogs.folder) for word in words]
    source = blogs.undo_import() if is_undone else blogs.imported
    before = source.read_state()
    undisturbed = blogs.copy(source)
    blogs.used.append(undisturbed)
    started = time.monotonic()
    result = Program(undisturbed.environ)(*arguments)
    assert result.returncode == 0, result.stderr
    duration = time.monotonic() - started
    delays = random.Random(f"{SEED} {name}")  # noqa: S311 - the delays are not security-relevant
    completed = 0
    for _ in range(KILLS):
        blog = blogs.copy(source)
        blogs.used.append(blog)
        process = Program(blog.environ).start(*arguments)
        time.sleep(delays.uniform(EARLIEST, LATEST) * duration)
        process.kill()
        process.communicate(timeout=TIMEOUT)
        completed += check_killed(blog, before, undisturbed)
    record_property("completed", f"{completed} of {KILLS}")


def check_killed(blog: Blog, before: State, undisturbed: Blog) -> bool:
    """Check a blog after a command was killed, and return whether the command was completed.

    `before` is the state before the command, and `undisturbed` is a blog in which the command was not killed.
    """
    blog.wait_until_unused()
    counts = blog.read_counts()
    assert counts == blog.count_changes()
    assert Cli(blog.environ).ok("db", "check").stdout == ""
    newest = max(undisturbed.read_counts())
    if newest not in counts:
        assert blog.read_state() == before
        return False
    # The numbers of changes are those of the undisturbed command, and the changes lead back to the former state.
    assert counts == undisturbed.read_counts()
    Cli(blog.environ).ok("undo", newest, "--yes")
    assert blog.read_state() == before
    return True
