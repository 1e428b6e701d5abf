"""Tests of `blogcli post replace`."""

import json
import re

import pytest

from blogcli.schemas.posts import replacements as schema
from tests.command_line import Cli
from tests.snapshots import cli_snapshot

USAGE, NOT_CONFIRMED, CONFLICT, INVALID = 2, 4, 6, 7
OLD_TEXT = "An old text.\n\n    old code\n\nold \x1b[31m"
CREATE = ("post", "create", "--author", "ann@example.org")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create posts with the ids 1 to 3."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE, "--title", "Old title", "--content", OLD_TEXT, "--excerpt", "old")
    cli.ok(*CREATE, "--title", "Second", "--content", "Only Old text", "--tag", "python")
    cli.ok(*CREATE, "--title", "Third", "--content", "Nothing")


def contents(blog: Cli) -> list[str]:
    return [post["content"] for post in blog.json("post", "show", "1", "2", "3")]


def test_replace_reports_occurrences_and_prints_ids(blog: Cli) -> None:
    result = blog.ok("post", "replace", "old", "new", "--all")
    assert (result.stdout, result.stderr) == ("1\n", "Replaced 4 occurrences in post 1 (old-title).\n")
    assert contents(blog)[0] == "An new text.\n\n    new code\n\nnew \x1b[31m"
    result = blog.ok("post", "replace", "text", "prose", "--all", "--dry-run")
    assert (result.stdout, result.stderr) == ("2\n1\n", "Would replace 2 occurrences in 2 posts.\n")
    result = blog.ok("post", "replace", "text", "prose", "1", "third")
    assert result.stderr == "Replaced 1 occurrence in post 1 (old-title); 1 unchanged.\n"
    assert blog.ok("post", "replace", "absent", "x", "--all").stderr == "Nothing to do.\n"


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        (("old", "x", "--all", "--ignore-case"), {1: (1, 3, 1), 2: (0, 1, 0)}),
        (("old", "x", "--all", "--skip-code"), {1: (0, 2, 1)}),
        (("ld", "x", "--all", "--whole-word"), {}),
        (("(o)l(?P<d>d)", r"\g<d>\1", "--all", "--regex", "--in", "excerpt,content"), {1: (0, 3, 1)}),
        (("old", "x", "1", "2", "--in", "content"), {1: (0, 3, 0)}),
        (("old", "x", "--ids", "2", "--ignore-case"), {2: (0, 1, 0)}),
        (("t", "x", "--contains", "second", "--contains-in", "title"), {2: (0, 2, 0)}),
        (("old", "", "--tag", "python", "--ignore-case"), {2: (0, 1, 0)}),
        (("--", "old", "-x", "1"), {1: (0, 3, 1)}),
    ],
)
def test_replace_prints_counts_of_fields(
    blog: Cli, arguments: tuple[str, ...], counts: dict[int, tuple[int, int, int]]
) -> None:
    records = json.loads(blog.ok("--quiet", "post", "replace", "--json", *arguments).stdout)
    assert {post["id"]: (post["in_title"], post["in_content"], post["in_excerpt"]) for post in records} == counts
    assert all(post["replacements"] == sum(counts[post["id"]]) for post in records)


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "tsv", "yaml", "table", "ids", "count"])
def test_replace_prints_every_format(blog: Cli, format_: str) -> None:
    result = blog.ok("post", "replace", "text", "x", "--all", "--format", format_)
    assert "2" in result.stdout


def test_replace_from_file(blog: Cli) -> None:
    assert blog.ok("post", "replace", "old", "x", "--from", "-", stdin="1\n3\n").stdout == "1\n"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("old", "x"), USAGE, "No posts selected"),
        (("", "x", "--all"), USAGE, "The value of OLD is empty"),
        (("old", " ", "--all"), USAGE, "The value of NEW is blank"),
        (("(", "x", "--all", "--regex"), USAGE, "Invalid regular expression: missing ) at position 1"),
        (("a*", "x", "--all", "--regex"), USAGE, "The expression matches an empty text"),
        (("a", r"\1", "--all", "--regex"), USAGE, r"Invalid new text '\\1': no such group"),
        (("a", "b", "--all", "--in", "slug"), USAGE, "Unknown field in --in: 'slug'"),
        (("a", "b", "--all", "--contains-in", "title"), USAGE, "--contains-in needs --contains"),
        (("a", "b", "--contains", "x", "--contains-in", "y"), USAGE, "Unknown field in --contains-in: 'y'"),
        (("Third", "", "3"), INVALID, "Post 3: Title: must not be empty"),
        (("text", "x", "--all", "--max-affected", "1"), CONFLICT, "More than 1 post would change; nothing was changed"),
    ],
)
def test_invalid_command_changes_nothing(blog: Cli, arguments: tuple[str, ...], exit_code: int, message: str) -> None:
    before = contents(blog)
    result = blog("post", "replace", *arguments)
    assert (result.exit_code, result.stderr.splitlines()[0]) == (exit_code, f"Error: {message}")
    assert contents(blog) == before


def test_endless_expression_is_stopped(blog: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    blog.ok(*CREATE, "--title", "Slow", "--content", "a" * 60 + "!")
    monkeypatch.setattr(
        schema.TextReplacement.__init__,
        "__kwdefaults__",
        {
            **(schema.TextReplacement.__init__.__kwdefaults__ or {}),
            "max_seconds": 0.1,
        },
    )
    result = blog("post", "replace", "(a|a)+$", "x", "--regex", "--all")
    message = "Error: Post 4: The expression takes more than 0.1 seconds in a single text"
    assert (result.exit_code, result.stderr.splitlines()[0]) == (USAGE, message)


def test_dry_run_on_a_terminal_shows_changed_lines(blog: Cli) -> None:
    result = blog("--no-color", "post", "replace", "old", "new\x1b", "1", "-n", terminal=True)
    assert result.stdout.splitlines() == [
        "1 old-title",
        "  line 1: An -old+new\\u001b text.",
        "  line 3:     -old+new\\u001b code",
        "  line 5: -old+new\\u001b \\u001b[31m",
        "  and 1 more occurrence",
    ]
    assert result.stderr == "Would replace 4 occurrences in post 1 (old-title).\n"
    colored = blog("--color", "post", "replace", "Second", "First", "2", "-n", terminal=True).stdout
    assert "  title: \x1b[9;31mSecond\x1b[0m\x1b[32mFirst\x1b[0m\n" in colored


def test_replace_on_a_terminal_asks_before_text_is_lost(blog: Cli) -> None:
    arguments = ("post", "replace", "Nothing", "", "3")
    result = blog(*arguments, terminal=True, stdin="n\n")
    assert result.exit_code == NOT_CONFIRMED
    assert result.stderr.startswith("Replace text in 1 post (Third); 1 post will be left without text, in ")
    assert blog(*arguments, terminal=True, stdin="y\n").exit_code == 0
    assert contents(blog)[2] == ""


def test_replace_updates_search(blog: Cli) -> None:
    blog.ok("post", "replace", "Nothing", "字", "--all")
    assert blog.ok("post", "search", "字", "--format", "ids").stdout == "3\n"
    assert blog.ok("db", "check").exit_code == 0


def test_help_says_how_posts_are_given(blog: Cli) -> None:
    help_ = re.sub(r"\s+", " ", blog.ok("post", "replace", "--help").stdout)
    assert "OLD and NEW come first, then the ids or slugs of the posts" in help_
