"""The selection language and the output options, where they refuse and where they help."""

import pytest

from blogcli.output.text import safe_text
from tests.command_line import Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
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
def test_a_list_refuses_what_it_cannot_do(cli: Cli, options: tuple[str, ...]) -> None:
    result = cli("post", "list", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")


def test_records_without_an_id_have_no_ids_format(blog: Cli) -> None:
    assert blog("stats", "posts", "--by", "author", "--format", "ids").exit_code == 2
    assert blog.ok("post", "list", "--contains", "none", "--format", "ids").stdout == ""


def test_text_is_looked_for_where_asked(blog: Cli) -> None:
    assert blog.ok("post", "list", "--contains", "SUMMARY", "--format", "ids").stdout == ""
    assert blog.ok("post", "list", "--contains", "SUMMARY", "--in", "excerpt", "--format", "ids").stdout == "1\n"


def test_restore_may_say_which_status(blog: Cli) -> None:
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
def test_create_refuses_what_makes_no_post(blog: Cli, code: int, options: tuple[str, ...]) -> None:
    result = blog("post", "create", "--title", "Two", "--author", "1", *options, stdin="text")
    assert result.exit_code == code
    assert blog.ok("post", "list", "--format", "count").stdout == "1\n"


def test_the_author_of_a_file_that_did_not_write_the_post_is_kept(blog: Cli) -> None:
    blog.ok("post", "create", "-", "--author", "1", stdin="---\ntitle: Two\nauthor: azu\n---\nText\n")
    assert blog.json("post", "show", "2")["extra"] == {"author": "azu"}


def test_debug_shows_sql_and_a_traceback_on_stderr(cli: Cli) -> None:
    result = cli("--debug", "post", "show", "99")
    assert result.exit_code == 5
    assert "SELECT" in result.stderr
    assert "Traceback" in result.stderr
    assert result.stdout == ""


def test_what_nobody_foresaw_is_one_line(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("blogcli.commands.posts.show.run", fail)
    result = cli("post", "show", "1")
    assert result.exit_code == 1
    assert "Unexpected failure: RuntimeError('broken')" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unprintable_character_beyond_the_first_plane_is_shown_as_json_would() -> None:
    assert safe_text("a\U000e0001") == "a\\udb40\\udc01"


def test_a_number_beyond_every_database_is_only_large(blog: Cli) -> None:
    assert blog.ok("post", "list", "--limit", str(2**70), "--format", "ids").stdout == "1\n"
    assert blog.ok("user", "list", "--offset", str(2**70)).stdout == ""
