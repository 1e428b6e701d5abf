"""Tests that commands with unusual values of options and arguments end in time with documented exit codes."""

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
from tests.stress import IS_FULL

EXAMPLES = 5_000 if IS_FULL else 120
MAX_SECONDS = 30
SIGNALS = {ExitCode.INTERRUPTED, ExitCode.TERMINATED}

# These commands are not tested, because `db revision` writes a file into the checkout, and the arguments of `completion
# candidates` are the words of a different command line.
EXCLUDED_COMMANDS = {"db revision", "completion candidates"}
# Arguments that commands always get. Without them, the commands would drop the tables or create a large number of rows.
FIXED_ARGUMENTS = {
    "db downgrade": ["--dry-run"],
    "db seed": ["--dry-run", "--posts", "1"],
    "db stamp": ["--dry-run"],
    "db upgrade": ["--dry-run"],
}
# Options that do not get unusual values, because `db seed` would create the number of rows that these options specify.
FIXED_OPTIONS = {("db seed", "--posts"), ("db seed", "--users"), ("db seed", "--tags")}
# A valid value for each placeholder of an argument or option in the help.
VALID_VALUES = {
    "[DIR]": "out",
    "[FILE|DIR|-]": "out.blogcli",
    "RULES": "7d",
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
    "INTERVAL": "1w",
    "KIND": "rss",
    "LEVEL": "error",
    "N": "1",
    "NAME": "title",
    "NAMES": "id,title",
    "NEW": "sqlite",
    "OLD": "python",
    "PATH": "post.md",
    "POST": "first",
    "PROFILE": "default",
    "QUERY": "words",
    "REVISION": "head",
    "RULE": "MO,WE,FR 09:00",
    "S": "1",
    "SETTING": "author",
    "SLUG": "slug",
    "STATUS": "draft",
    "TAG": "python",
    "TAGS": "python,sqlite",
    "AGE|N": "90d",
    "OP|-N": "1",
    "OP|WHEN": "1",
    "OPERATION": "1",
    "TEXT": "text",
    "WORDS": "post",
    "TITLE": "title",
    "YEAR": "2024",
    "URL": "blog.db",
    "USER": "ann@example.org",
    "VALUE": "text",
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
UNUSUAL_VALUES = st.one_of(
    st.sampled_from(NUMBERS), st.sampled_from(DATES), st.sampled_from(TEXTS), st.text(max_size=8)
)


@cli_snapshot
def filled(cli: Cli) -> None:
    """Create a user with one post, which has a tag."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "First", "--author", "ann@example.org", "--tag", "python", "--content", "words")


@st.composite
def command_lines(draw: Any, path: str) -> list[str]:
    """Return a command line with unusual values for some parameters, and valid values for required parameters."""
    command = COMMANDS[path]
    line = [*path.split(), *FIXED_ARGUMENTS.get(path, [])]
    options = [option for option in options_of(command) if (path, long_name(option)) not in FIXED_OPTIONS]
    unusual = draw(st.lists(st.sampled_from(options), max_size=3, unique_by=long_name)) if options else []
    for option in options:
        if option in unusual or option.required:
            value = draw(UNUSUAL_VALUES) if option in unusual else VALID_VALUES[option.metavar]
            line.append(f"{long_name(option)}={value}")
    flags = [param for param in command.params if param.param_type_name == "option" and param.is_flag]
    if flags:
        line += [long_name(flag) for flag in draw(st.lists(st.sampled_from(flags), max_size=2, unique=True))]
    arguments = [
        draw(st.one_of(st.just(VALID_VALUES[argument.metavar]), UNUSUAL_VALUES)) for argument in arguments_of(command)
    ]
    return [*line, "--", *arguments] if draw(st.booleans()) else [*line, *arguments]


@contextmanager
def bounded_time(line: list[str]) -> Iterator[None]:
    """Fail the test if the command line does not end in time."""

    def fail(*_: object) -> None:
        pytest.fail(f"Does not end: {line}")

    previous_handler = signal.signal(signal.SIGALRM, fail)
    signal.alarm(MAX_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous_handler)


def assert_documented(cli: Cli, line: list[str]) -> None:
    """Run a command line, and assert that it ends in time with a documented exit code and without a traceback."""
    with bounded_time(line):
        result = cli(*line)
    assert result.exit_code in set(ExitCode) - SIGNALS, line
    assert "Unexpected failure" not in result.stderr, (line, result.stderr)
    assert "Traceback" not in result.stderr, line
    assert "pydantic" not in result.stderr, line
    if result.exit_code not in (ExitCode.DONE, ExitCode.FAILED, ExitCode.NOT_FOUND):
        assert "Error: " in result.stderr or '"error"' in result.stderr, (line, result.stderr)


def test_valid_values_cover_every_placeholder() -> None:
    for path in sorted(COMMANDS.keys() - EXCLUDED_COMMANDS):
        for param in (*arguments_of(COMMANDS[path]), *options_of(COMMANDS[path])):
            assert param.metavar in VALID_VALUES, (path, param.name)


def test_command_with_unusual_values_ends_in_documented_exit_code(
    filled: Cli, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Commands may write files to the working directory or, for the value `..`, to its parent. So both are temporary.
    folder = tmp_path_factory.mktemp("unusual") / "values"
    folder.mkdir()
    (folder / "post.md").write_text("---\ntitle: A file\n---\nText\n")
    monkeypatch.chdir(folder)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES < 1_000)
    @example(["stats", "overview", "--until=9999-12-31T23:59:59.999999Z"])
    @example(["db", "upgrade", "--sql", "0001-01-01"])
    @example(["post", "list", "--since=+999999999999d"])
    @given(st.sampled_from(sorted(COMMANDS.keys() - EXCLUDED_COMMANDS)).flatmap(command_lines))
    def run_line(line: list[str]) -> None:
        assert_documented(filled, line)

    run_line()
