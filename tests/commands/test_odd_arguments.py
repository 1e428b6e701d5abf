"""Odd values for the options and arguments of every command end in documented exit codes, and never hang."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blogcli.errors import ExitCode
from tests.command_line import Cli
from tests.command_tree import COMMANDS, arguments_of, long_name, options_of
from tests.snapshots import cli_snapshot

EXAMPLES = 5_000 if os.environ.get("BLOGCLI_ORDEAL") == "full" else 120
MAX_SECONDS = 30
SIGNALS = {ExitCode.INTERRUPTED, ExitCode.TERMINATED}

# Writes a file into the checkout, and the words of another command line.
LEFT_OUT = {"db revision", "completion candidates"}
# Commands that would take the tables away from the examples that follow, or take as long as the number is large.
ALWAYS = {
    "db downgrade": ["--dry-run"],
    "db seed": ["--dry-run", "--posts", "1"],
    "db stamp": ["--dry-run"],
    "db upgrade": ["--dry-run"],
}
FIXED = {("db seed", "--posts"), ("db seed", "--users"), ("db seed", "--tags")}
# A value that makes sense, by the name that the help gives it.
SENSIBLE = {
    "CURSOR": "WyJpZCIsZmFsc2UsMSwxXQ",
    "DIR": "out",
    "EMAIL": "bob@example.org",
    "FIELD": "id",
    "FIELDS": "title",
    "FILE": "post.md",
    "FLAVOR": "hugo",
    "FORMAT": "json",
    "GROUP": "month",
    "IDS": "1,2",
    "KIND": "rss",
    "N": "1",
    "NAME": "title",
    "NAMES": "id,title",
    "NEW": "sqlite",
    "OLD": "python",
    "PATH": "post.md",
    "POST": "first",
    "QUERY": "words",
    "REVISION": "head",
    "S": "1",
    "SLUG": "slug",
    "STATUS": "draft",
    "TAG": "python",
    "TAGS": "python,sqlite",
    "TEXT": "text",
    "TITLE": "title",
    "YEAR": "2024",
    "URL": "blog.db",
    "USER": "ann@example.org",
    "WHEN": "2030-01-01",
    "skip|update|fail": "skip",
    "update|skip|fail": "skip",
}
NUMBERS = ["-1", "0", "1", "007", "2147483647", "2147483648", "9223372036854775808", "1" * 40, "1e9", "nan", "٣", "1,"]
DATES = [
    "0001-01-01",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "10000-01-01",
    "0000-00-00",
    "2026-02-30",
    "2026-W53-7",
    "2026-03-29T02:30",
    "today",
    "+999999999999d",
    "12:61",
]
TEXTS = [
    "",
    " ",
    "\n",
    "\0",
    "a\0b",
    "\udc80",
    "x\ud800y",
    "\x1b]0;title\x07",
    "\u202eabc",
    "\u200b",
    "\ufeff",
    "e\u0301\u0308" * 20,
    "👩‍👩‍👧‍👦",
    "𒀀" * 300,
    "İ",
    "ﬃ" * 50,
    "%s%n{0}$HOME`id`",
    "'; DROP TABLE posts; --",
    '"',
    "[/]",
    "a,b",
    ",",
    "id:1",
    "id:0",
    "id:-1",
    "slug:",
    "slug:first",
    "-",
    "--",
    "-1",
    "=",
    "ann@example.org",
    "@",
    "a@b@c",
    "x" * 501,
    "x" * 70_000,
    "..",
    "a/b",
    "~nobody-of-that-name/x",
    "/dev/null",
    "sqlite://",
    "postgresql://[",
    "mysql://x",
]
ODD = st.one_of(st.sampled_from(NUMBERS), st.sampled_from(DATES), st.sampled_from(TEXTS), st.text(max_size=8))


@cli_snapshot
def filled(cli: Cli) -> None:
    """A post of a user, with a tag."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "First", "--author", "ann@example.org", "--tag", "python", "--content", "words")


@st.composite
def command_lines(draw: Any, path: str) -> list[str]:
    """A line of a command with odd values for some of its parameters, and sensible ones for those that it needs."""
    command, line = COMMANDS[path], [*path.split(), *ALWAYS.get(path, [])]
    options = [each for each in options_of(command) if (path, long_name(each)) not in FIXED]
    odd = draw(st.lists(st.sampled_from(options), max_size=3, unique_by=long_name)) if options else []
    for option in options:
        if option in odd or option.required:
            value = draw(ODD) if option in odd else SENSIBLE[option.metavar]
            line.append(f"{long_name(option)}={value}")
    flags = [each for each in command.params if each.param_type_name == "option" and each.is_flag]
    line += [
        long_name(flag) for flag in (draw(st.lists(st.sampled_from(flags), max_size=2, unique=True)) if flags else [])
    ]
    words = [draw(st.one_of(st.just(SENSIBLE[each.metavar]), ODD)) for each in arguments_of(command)]
    return [*line, "--", *words] if draw(st.booleans()) else [*line, *words]


@contextmanager
def bounded_time(line: list[str]) -> Iterator[None]:
    """Fail where a command does not end."""

    def fail(*_: object) -> None:
        pytest.fail(f"Does not end: {line}")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(MAX_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def check(cli: Cli, line: list[str]) -> None:
    with bounded_time(line):
        result = cli(*line)
    assert result.exit_code in set(ExitCode) - SIGNALS, line
    assert "Unexpected failure" not in result.stderr, (line, result.stderr)
    assert "Traceback" not in result.stderr, line
    assert "pydantic" not in result.stderr, line
    if result.exit_code not in (ExitCode.DONE, ExitCode.FAILED, ExitCode.NOT_FOUND):
        assert "Error: " in result.stderr or '"error"' in result.stderr, (line, result.stderr)


def test_every_parameter_has_a_sensible_value() -> None:
    for path in sorted(COMMANDS.keys() - LEFT_OUT):
        for param in (*arguments_of(COMMANDS[path]), *options_of(COMMANDS[path])):
            assert param.metavar in SENSIBLE, (path, param.name)


def test_odd_values_end_in_documented_exit_codes(
    filled: Cli, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Files that are written lie below this folder.
    folder = tmp_path_factory.mktemp("odd") / "values"
    folder.mkdir()
    (folder / "post.md").write_text("---\ntitle: A file\n---\nText\n")
    monkeypatch.chdir(folder)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES < 1_000)
    @example(["stats", "overview", "--until=9999-12-31T23:59:59.999999Z"])
    @example(["db", "upgrade", "--sql", "0001-01-01"])
    @example(["post", "list", "--since=+999999999999d"])
    @given(st.sampled_from(sorted(COMMANDS.keys() - LEFT_OUT)).flatmap(command_lines))
    def every_line(line: list[str]) -> None:
        check(filled, line)

    every_line()
