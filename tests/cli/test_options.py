"""Tests of the output format that options and settings select."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def two_posts(cli: Cli) -> None:
    """Create two posts by the same author."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title in ("First", "Second"):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org")


LIST = ("post", "list", "--sort", "id", "--fields", "id,title")
TABLE = ["ID   Title", "───────────", " 1   First", " 2   Second"]


@pytest.mark.parametrize(
    ("format_", "lines"),
    [("table", TABLE), ("csv", ["id,title", "1,First", "2,Second"]), ("ids", ["1", "2"]), ("count", ["2"])],
)
def test_format_setting_applies_to_selected_fields(two_posts: Cli, format_: str, lines: list[str]) -> None:
    assert two_posts.ok(*LIST, BLOGCLI_FORMAT=format_).lines == lines
    assert two_posts.ok(*LIST, "--format", format_).lines == lines


def test_selected_fields_without_format_are_tab_separated(two_posts: Cli) -> None:
    assert two_posts.ok(*LIST).lines == ["1\tFirst", "2\tSecond"]


def test_format_option_overrides_format_setting(two_posts: Cli) -> None:
    assert two_posts.ok(*LIST, "--format", "tsv", BLOGCLI_FORMAT="table").lines == ["1\tFirst", "2\tSecond"]


@pytest.mark.parametrize("format_", ["table", "json", "count"])
def test_format_setting_does_not_apply_to_bare_values_of_one_field(two_posts: Cli, format_: str) -> None:
    result = two_posts.ok("post", "list", "--sort", "id", "--field", "title", BLOGCLI_FORMAT=format_)
    assert result.lines == ["First", "Second"]
