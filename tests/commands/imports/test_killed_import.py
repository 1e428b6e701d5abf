"""Imports that are killed, or that run at once: they end as one that was left alone.

CI runs the short form; `BLOGCLI_ORDEAL=full python -m pytest -n 0 -m ordeal` the long one.
"""

import json
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates
from tests.subprocesses import PATIENCE, Program

FULL = os.environ.get("BLOGCLI_ORDEAL") == "full"
# In the long form enough for other processes to take part.
KILLS, POSTS = (50, 3_000) if FULL else (1, 300)

pytestmark = pytest.mark.ordeal


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """A file of posts: some share a slug, some come twice."""
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
def fresh(templates: Templates, engine_name: str, tmp_path: Path) -> Iterator["Fresh"]:
    made = Fresh(templates, engine_name, tmp_path)
    yield made
    made.drop()


class Fresh:
    """Empty databases, one after the other."""

    def __init__(self, templates: Templates, engine: str, folder: Path) -> None:
        self._templates, self._engine, self._folder = templates, engine, folder
        self._urls: list[str] = []

    def environ(self) -> dict[str, str]:
        """The environment of a user whose database is empty."""
        home = self._folder / f"home{len(self._urls)}"
        home.mkdir()
        self._urls.append(self._templates.new(self._engine, home))
        return environment(self._urls[-1], home)

    def drop(self) -> None:
        for url in self._urls:
            self._templates.drop(url)


def exported(environ: dict[str, str]) -> list[str]:
    """All posts as lines, but for when each person came."""
    return [line for line in Cli(environ).ok("export", "jsonl").lines if '"type": "user"' not in line]


def test_the_run_after_a_killed_one_ends_as_one_that_was_left_alone(blog: Path, fresh: Fresh) -> None:
    undisturbed = fresh.environ()
    started = time.monotonic()
    assert Program(undisturbed)("import", "jsonl", str(blog)).returncode == 0
    duration = time.monotonic() - started
    expected = exported(undisturbed)
    moments = random.Random(7)  # noqa: S311 - which moments, is all the same
    for _ in range(KILLS):
        environ = fresh.environ()
        run = Program(environ).start("import", "jsonl", str(blog))
        time.sleep(moments.uniform(0, duration))
        run.kill()
        run.communicate(timeout=PATIENCE)
        assert Cli(environ).ok("post", "list", "--format", "count").stdout in {"0\n", f"{POSTS}\n"}
        again = Program(environ)("import", "jsonl", str(blog))
        assert again.returncode == 0, again.stderr
        assert exported(environ) == expected
        assert Program(environ)("db", "check").returncode == 0


def test_of_two_imports_at_once_the_second_finds_what_the_first_brought(blog: Path, fresh: Fresh) -> None:
    environ = fresh.environ()
    runs = [Program(environ).start("import", "jsonl", str(blog)) for _ in range(2)]
    told = sorted(run.communicate(timeout=PATIENCE)[1].decode().splitlines()[0] for run in runs)
    assert [run.returncode for run in runs] == [0, 0]
    again = f"Imported posts: 0 created, 0 updated, {POSTS:,} unchanged."
    first = f"Imported {POSTS:,} posts"
    assert [told[0].startswith(first), told[1]] == [True, again]
