"""Property tests: undo restores every former state exactly, and redo every later state."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.command_line import Cli, environment
from tests.command_tree import COMMANDS, long_name
from tests.databases import Templates, fetch
from tests.journal_uses import NOT_UNDONE, USES, Use
from tests.stress import IS_FULL

# These tests are not traced, because measuring coverage would multiply their time, and other tests cover the same code.
pytestmark = pytest.mark.untraced

# The key columns of each table whose state is compared.
TABLES = {"users": "id", "posts": "id", "tags": "id", "post_tags": "post_id, tag_id", "post_imports": "post_id"}
MAX_COMMANDS = 12
NOTHING_TO_DO = "Nothing to do.\n"

State = dict[str, list[tuple[Any, ...]]]


def test_every_changing_command_has_uses_or_reason() -> None:
    changing = {
        path for path, command in COMMANDS.items() if any(long_name(param) == "--dry-run" for param in command.params)
    }
    assert changing == USES.keys() | NOT_UNDONE.keys()


class Blog:
    """A new database, its command line, and the states after each operation."""

    def __init__(self, templates: Templates, engine: str, folder: Path) -> None:
        self.url = templates.new(engine, folder)
        editor = "sed -i s/words/WORDS/"
        self.cli = Cli(environment(self.url, folder) | {"EDITOR": editor})
        self.states = [self.read_state()]
        self.operations: list[int] = []

    def read_state(self) -> State:
        """Return all rows of all tables as the database stores them, and the rows of the search index."""
        row = "*" if not self.url.startswith("postgres") else "t::text"
        queries = {name: f"SELECT {row} FROM {name} AS t ORDER BY {key}" for name, key in TABLES.items()}  # noqa: S608 - the names are constants
        state = {name: fetch(self.url, query) for name, query in queries.items()}
        if self.url.startswith("postgres"):
            state["search"] = fetch(self.url, "SELECT post_id, part, document::text FROM post_search ORDER BY 1, 2")
        return state

    def newest(self) -> int:
        return int(fetch(self.url, "SELECT coalesce(max(id), 0) FROM journal_operations")[0][0])

    def use(self, use: Use) -> None:
        """Run a command, and remember the state if the command has changed it."""
        before = self.newest()
        self.cli(*use.arguments, stdin=use.stdin, terminal="edit" in use.arguments)
        newest = self.newest()
        assert (self.read_state() != self.states[-1]) == (newest != before)
        if newest != before:
            self.operations.append(newest)
            self.states.append(self.read_state())

    def check_walk_back_and_forward(self) -> None:
        for state in reversed(self.states[:-1]):
            self.step("undo")
            assert self.read_state() == state
        assert self.cli("undo", terminal=True).stderr == NOTHING_TO_DO
        for state in self.states[1:]:
            self.step("redo")
            assert self.read_state() == state

    def step(self, *arguments: str | int) -> None:
        result = self.cli(*arguments, "--yes", terminal=True)
        assert result.exit_code == 0, result.stderr

    def check_single_undo(self, operation: int) -> None:
        """Undo one operation with everything that depends on it, and apply all of it again."""
        state = self.read_state()
        undone = self.cli.ok("undo", operation, "--with-later", "--yes", "--format", "json")
        self.cli.ok("redo", undone.json[0]["id"], "--yes")
        assert self.read_state() == state

    def check_random_order(self, seed: int) -> None:
        """Undo and redo operations in random order: each succeeds or changes nothing. Then restore the last state."""
        generator = random.Random(seed)  # noqa: S311 - the test needs a seed
        for _ in range(len(self.operations)):
            state = self.read_state()
            verb = generator.choice(["undo", "redo"])
            if self.cli(verb, generator.choice(self.operations), "--yes").exit_code:
                assert self.read_state() == state
        while self.cli("redo", "--yes", terminal=True).stderr != NOTHING_TO_DO:
            pass
        assert self.read_state() == self.states[-1]

    def check_database(self) -> None:
        assert self.cli("db", "check").stdout == ""


@contextmanager
def new_blog(templates: Templates, engine: str) -> Iterator[Blog]:
    with tempfile.TemporaryDirectory() as folder:
        blog = Blog(templates, engine, Path(folder))
        try:
            yield blog
        finally:
            templates.drop(blog.url)


# The examples are not shrunk, because each example takes seconds.
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
@settings(
    max_examples=1_000 if IS_FULL else 2,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_undo_and_redo_restore_every_state(templates: Templates, engine: str, data: st.DataObject) -> None:
    with new_blog(templates, engine) as blog:
        blog.use(Use(["user", "create", "user0@example.org", "--no-password"]))
        uses = st.one_of(*USES.values())
        for _ in range(data.draw(st.integers(3, MAX_COMMANDS))):
            blog.use(data.draw(uses))
        blog.check_walk_back_and_forward()
        blog.check_single_undo(data.draw(st.sampled_from(blog.operations)))
        blog.check_random_order(data.draw(st.integers(0, 999)))
        blog.check_database()
