"""Tests of messages about unknown options and invalid numbers."""

import pytest

from tests.command_line import Cli

# The home directory need not exist, because errors of the parser are reported before the database is opened.
ENVIRONMENT = {"HOME": "/nonexistent", "BLOGCLI_FORMAT": "json"}


def message(*arguments: str) -> str:
    """Return the error message for a command line that the parser refuses."""
    result = Cli(ENVIRONMENT)(*arguments)
    assert result.exit_code == 2
    return str(result.error["message"])


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [
        (("post", "list", "--limt", "1"), "--limit"),
        (("post", "list", "--lmiit=1"), "--limit"),
        (("post", "publish", "--al"), "--all"),
        (("post", "list", "--profil", "live"), "--profile"),
    ],
)
def test_unknown_option_suggests_similar_option(arguments: tuple[str, ...], suggestion: str) -> None:
    name = arguments[2].partition("=")[0]
    assert message(*arguments) == f"No such option: {name}. Did you mean '{suggestion}'?"


@pytest.mark.parametrize("name", ["--zzzz", "-z", "--yes"])
def test_unknown_option_without_similar_option_suggests_nothing(name: str) -> None:
    assert message("tag", "list", name) == f"No such option: {name}"


@pytest.mark.parametrize(
    ("arguments", "limit"),
    [
        (("db", "seed", "--posts", "10000001"), "10,000,000"),
        (("db", "seed", "--users", "10000001"), "10,000,000"),
        (("db", "seed", "--tags", "9" * 400), "10,000,000"),
        (("db", "seed", "--seed", "1000000001"), "1,000,000,000"),
        (("stats", "posts", "--year", "10000"), "9,999"),
    ],
)
def test_number_above_maximum_is_refused_with_the_limit(arguments: tuple[str, ...], limit: str) -> None:
    assert message(*arguments) == f"Invalid value for '{arguments[2]}': must be at most {limit}"


@pytest.mark.parametrize(
    ("arguments", "limit"),
    [
        (("db", "seed", "--posts", "-1"), "0"),
        (("db", "seed", "--seed", "-1000000001"), "-1,000,000,000"),
        (("stats", "posts", "--year", "0"), "1"),
        (("post", "list", "--offset", "-1"), "0"),
    ],
)
def test_number_below_minimum_is_refused_with_the_limit(arguments: tuple[str, ...], limit: str) -> None:
    assert message(*arguments) == f"Invalid value for '{arguments[2]}': must be at least {limit}"


@pytest.mark.parametrize("value", ["x", "1.5", "1e3", "0x10", "٣x"])
def test_number_that_is_not_an_integer_is_refused(value: str) -> None:
    assert message("post", "list", "--limit", value) == "Invalid value for '--limit': must be a whole number"
