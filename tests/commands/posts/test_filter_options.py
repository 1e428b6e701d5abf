"""Tests of filters, of invalid options, and of errors of commands for posts."""

import pytest

from blogcli.output.text import safe_text
from tests.command_line import Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a user, and a post with an excerpt."""
    cli.ok("user", "create", "ann@example.org", "--password-stdin", stdin="long enough\n")
    cli.ok("post", "create", "--title", "One", "--author", "ann@example.org", "--excerpt", "Summary")


@pytest.mark.parametrize(
    "options",
    [
        ("--in", "nope"),
        ("--ids", "4,x"),
        ("--ids", ",".join(str(number) for number in range(10_001))),
        ("--fields", ","),
        ("--after", "x", "--offset", "1"),
    ],
)
def test_list_with_invalid_options_is_a_usage_error(cli: Cli, options: tuple[str, ...]) -> None:
    result = cli("post", "list", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")


def test_format_ids_is_a_usage_error_for_records_without_an_id(blog: Cli) -> None:
    assert blog("stats", "posts", "--by", "author", "--format", "ids").exit_code == 2
    assert blog.ok("post", "list", "--contains", "none", "--format", "ids").stdout == ""


def test_contains_searches_only_the_fields_of_in(blog: Cli) -> None:
    assert blog.ok("post", "list", "--contains", "SUMMARY", "--format", "ids").stdout == ""
    assert blog.ok("post", "list", "--contains", "SUMMARY", "--in", "excerpt", "--format", "ids").stdout == "1\n"


def test_restore_accepts_a_status_filter(blog: Cli) -> None:
    blog.ok("post", "delete", "1")
    assert blog.ok("post", "restore", "--status", "trashed").stdout == "1\n"


@pytest.mark.parametrize(
    ("code", "options"),
    [
        (2, ("--status", "trashed")),
        (2, ("-", "--content", "both")),
        (7, ("--title", "No date", "--status", "scheduled")),
    ],
)
def test_create_with_invalid_options_creates_no_post(blog: Cli, code: int, options: tuple[str, ...]) -> None:
    result = blog("post", "create", "--title", "Two", "--author", "1", *options, stdin="text")
    assert result.exit_code == code
    assert blog.ok("post", "list", "--format", "count").stdout == "1\n"


def test_create_keeps_the_author_of_the_file_in_extra_if_an_option_names_another(blog: Cli) -> None:
    blog.ok("post", "create", "-", "--author", "1", stdin="---\ntitle: Two\nauthor: azu\n---\nText\n")
    assert blog.json("post", "show", "2")["extra"] == {"author": "azu"}


def test_debug_prints_sql_and_a_traceback_on_stderr(cli: Cli) -> None:
    result = cli("--debug", "post", "show", "99")
    assert result.exit_code == 5
    assert "SELECT" in result.stderr
    assert "Traceback" in result.stderr
    assert result.stdout == ""


def test_unexpected_exception_is_reported_in_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("blogcli.commands.posts.show.run", fail)
    result = cli("post", "show", "1")
    assert result.exit_code == 1
    assert "Unexpected failure: RuntimeError('broken')" in result.stderr
    assert "Traceback" not in result.stderr


def test_safe_text_escapes_a_supplementary_character_as_json_does() -> None:
    assert safe_text("a\U000e0001") == "a\\udb40\\udc01"


def test_limit_and_offset_accept_numbers_beyond_64_bits(blog: Cli) -> None:
    assert blog.ok("post", "list", "--limit", str(2**70), "--format", "ids").stdout == "1\n"
    assert blog.ok("user", "list", "--offset", str(2**70)).stdout == ""
