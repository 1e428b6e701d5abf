"""Tests that every option and argument refuses an empty value, such as the value of an unset shell variable."""

from itertools import product
from typing import Any

import pytest

from tests.command_line import Cli
from tests.command_tree import COMMANDS, arguments_of, long_name, options_of
from tests.snapshots import cli_snapshot

USAGE = 2
# The parameters that accept an empty value, by command. The tests of each command check the effect of the empty value.
EMPTY_VALUES = {
    "post create": {"--content", "--excerpt"},
    "post update": {"--content", "--excerpt", "--set-tags"},
    "post replace": {"NEW"},
    "post tag set": {"TAGS"},
    "user update": {"--full-name"},
}
# This command may get an empty argument, because the last word of a command line that is being completed may be empty.
COMPLETING = "completion candidates"
# Lists of arguments that commands need in addition to a selection of posts, by command.
REQUIRED: dict[str, list[list[str]]] = {
    "post delete": [[], ["--purge", "--yes"]],
    "post expire": [["--at", "2099-01-01"]],
    "post publish": [[]],
    "post replace": [["old", "new"]],
    "post restore": [[]],
    "post schedule": [["--at", "2099-01-01"]],
    "post tag add": [["new"]],
    "post tag remove": [["python"]],
    "post tag set": [["new"]],
    "post unpublish": [[]],
    "post update": [["--add-tag", "new"], ["--content", "x"]],
}
# Options that do not count as a selection of posts.
NO_SELECTION: list[list[str]] = [
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
SELECTING_COMMANDS = [path for path, command in COMMANDS.items() if "all" in {param.name for param in command.params}]


def lines_with_empty_values(path: str) -> list[tuple[str, list[str]]]:
    """Return pairs of a parameter and a command line in which the value of the parameter is empty or blank."""
    command = COMMANDS[path]
    lines = []
    may_be_empty = EMPTY_VALUES.get(path, set())
    for option, value in product(options_of(command), ["", " ", "\t\n"]):
        if value or long_name(option) not in may_be_empty:
            lines.append((long_name(option), [*path.split(), f"{long_name(option)}={value}"]))
    for (number, argument), value in product(enumerate(arguments_of(command)), ["", " \t"]):
        name = argument.metavar or argument.name.upper()
        if value or name not in may_be_empty:
            lines.append((name, [*path.split(), *["x"] * number, value]))
    return lines


@pytest.mark.untraced
@pytest.mark.parametrize("path", [path for path in COMMANDS if path != COMPLETING])
def test_empty_value_of_parameter_is_refused(path: str) -> None:
    cli = Cli({"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"})
    for name, line in lines_with_empty_values(path):
        result = cli(*line)
        assert (result.exit_code, result.stdout) == (USAGE, ""), line
        assert result.stderr.startswith(f"Error: The value of {name} is "), line


def test_empty_values_name_existing_parameters() -> None:
    for path, names in EMPTY_VALUES.items():
        command = COMMANDS[path]
        options = {long_name(option) for option in options_of(command)}
        arguments = {argument.metavar for argument in arguments_of(command)}
        assert names <= options | arguments, path


@pytest.mark.parametrize("arguments", [("--profile=", "post", "list"), ("post", "--profile=", "list")])
def test_empty_value_of_global_option_is_refused(arguments: tuple[str, ...]) -> None:
    result = Cli({"HOME": "/nonexistent", "PATH": ""})(*arguments)
    assert (result.exit_code, result.stderr.partition("\n")[0]) == (USAGE, "Error: The value of --profile is empty")


@cli_snapshot
def filled(cli: Cli) -> None:
    """Create two published posts, one of them with a tag, and a draft."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    create = ("post", "create", "--author", "ann@example.org", "--status")
    cli.ok(*create, "published", "--title", "First post", "--tag", "python")
    cli.ok(*create, "published", "--title", "Second post")
    cli.ok(*create, "draft", "--title", "Third post")


def all_posts(cli: Cli) -> Any:
    statuses = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
    return cli.json("post", "list", *statuses)


def test_required_arguments_cover_every_command_that_selects_posts() -> None:
    assert sorted(SELECTING_COMMANDS) == sorted(REQUIRED)


@pytest.mark.parametrize("path", REQUIRED)
def test_command_without_selection_is_refused(filled: Cli, path: str) -> None:
    posts = all_posts(filled)
    for required, selection in product(REQUIRED[path], NO_SELECTION):
        result = filled(*path.split(), *required, *selection)
        assert result.exit_code in (2, 5), (selection, result.stderr)
    assert all_posts(filled) == posts


def test_unpublish_all_selects_every_post(filled: Cli) -> None:
    assert filled.ok("post", "unpublish", "--all").lines == ["2", "1"]
