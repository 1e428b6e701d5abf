"""An empty value, such as that of an unset shell variable, is refused by every option and argument of every command."""

from itertools import product
from typing import Any

import pytest

from tests.command_line import Cli
from tests.command_tree import COMMANDS, arguments_of, long_name, options_of
from tests.snapshots import cli_snapshot

USAGE = 2
# The only empty values that mean something, by command; what they do is tested with the command.
MEANINGS = {
    "post create": {"--content", "--excerpt"},
    "post update": {"--content", "--excerpt", "--set-tags"},
    "post tag set": {"TAGS"},
    "user update": {"--full-name"},
}
# Receives the words of a command line that is being completed, of which the last may be empty.
COMPLETING = "completion candidates"
# What the commands need besides a selection.
REQUIRED: dict[str, list[list[str]]] = {
    "post delete": [[], ["--purge", "--yes"]],
    "post expire": [["--at", "2099-01-01"]],
    "post publish": [[]],
    "post restore": [[]],
    "post schedule": [["--at", "2099-01-01"]],
    "post tag add": [["new"]],
    "post tag remove": [["python"]],
    "post tag set": [["new"]],
    "post unpublish": [[]],
    "post update": [["--add-tag", "new"], ["--content", "x"]],
}
# Options that select no post by themselves, although they are given.
NARROWING_NOTHING: list[list[str]] = [
    [],
    ["--all-tags"],
    ["--in", "title"],
    ["--limit", "0"],
    ["--limit", "3"],
    ["--offset", "0"],
    ["--sort", "id"],
    ["--ids", ","],
    ["--tag", ","],
    ["--tag", "python,"],
    ["--status", ","],
    ["--not-tag", ","],
    ["--not-tag", "no-such-tag"],
    ["--contains", "\u00a0"],
    ["--since", "0001-01-01"],
    ["--until", "9999-12-31"],
    ["--since", "0001-01-01", "--until", "9999-12-31"],
    ["--max-affected", "1000"],
]
SELECTING = [path for path, command in COMMANDS.items() if "all" in {param.name for param in command.params}]


def lines_with_empty_values(path: str) -> list[tuple[str, list[str]]]:
    """The name of each parameter of a command, and a command line in which it is empty or blank."""
    command, lines = COMMANDS[path], []
    may_be_empty = MEANINGS.get(path, set())
    for option, value in product(options_of(command), ["", " ", "\t\n"]):
        if value or long_name(option) not in may_be_empty:
            lines.append((long_name(option), [*path.split(), f"{long_name(option)}={value}"]))
    for (number, argument), value in product(enumerate(arguments_of(command)), ["", " \t"]):
        name = argument.metavar or argument.name.upper()
        if value or name not in may_be_empty:
            lines.append((name, [*path.split(), *["x"] * number, value]))
    return lines


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != COMPLETING])
def test_every_option_and_argument_refuses_an_empty_value(path: str) -> None:
    cli = Cli({"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})
    for name, line in lines_with_empty_values(path):
        result = cli(*line)
        assert (result.exit_code, result.stdout) == (USAGE, ""), line
        assert result.stderr.startswith(f"Error: The value of {name} is "), line


def test_every_meaning_is_of_a_parameter() -> None:
    for path, names in MEANINGS.items():
        command = COMMANDS[path]
        known = {long_name(option) for option in options_of(command)} | {each.metavar for each in arguments_of(command)}
        assert names <= known, path


@pytest.mark.parametrize("place", [("--profile=", "post", "list"), ("post", "--profile=", "list")])
def test_a_global_option_before_the_verb_refuses_an_empty_value(place: tuple[str, ...]) -> None:
    result = Cli({"HOME": "/nonexistent", "PATH": ""})(*place)
    assert (result.exit_code, result.stderr.partition("\n")[0]) == (USAGE, "Error: The value of --profile is empty")


@cli_snapshot
def filled(cli: Cli) -> None:
    """Two posts and a draft, one of them with a tag."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    create = ("post", "create", "--author", "ann@example.org", "--status")
    cli.ok(*create, "published", "--title", "First post", "--tag", "python")
    cli.ok(*create, "published", "--title", "Second post")
    cli.ok(*create, "draft", "--title", "Third post")


def state_of(cli: Cli) -> Any:
    everything = [value for status in ("draft", "scheduled", "published", "trashed") for value in ("--status", status)]
    return cli.json("post", "list", *everything)


def test_every_command_that_selects_posts_is_listed() -> None:
    assert sorted(SELECTING) == sorted(REQUIRED)


@pytest.mark.parametrize("path", REQUIRED)
def test_options_that_narrow_nothing_select_no_post(filled: Cli, path: str) -> None:
    before = state_of(filled)
    for required, selection in product(REQUIRED[path], NARROWING_NOTHING):
        result = filled(*path.split(), *required, *selection)
        assert result.exit_code in (2, 5), (selection, result.stderr)
    assert state_of(filled) == before


def test_all_selects_every_post(filled: Cli) -> None:
    assert filled.ok("post", "unpublish", "--all").lines == ["2", "1"]
