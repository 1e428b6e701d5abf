"""Tests that invalid input causes a one-line error and the documented exit code, and that nothing is written."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli, Result
from tests.snapshots import cli_snapshot

USAGE, NOT_CONFIRMED, NOT_FOUND, CONFLICT, INVALID = 2, 4, 5, 6, 7
CREATE = ("post", "create", "--author", "ann@example.org")
# Maps a name to the arguments, the exit code, and a text that the error or its hint contains.
REFUSED: dict[str, tuple[tuple[str, ...], int, str]] = {
    "unknown option": ((*CREATE, "--titel", "x"), USAGE, "--title"),
    "unknown noun": (("psot", "list"), USAGE, "Did you mean 'post'?"),
    "unknown verb": (("post", "lst"), USAGE, "Did you mean 'list'?"),
    "title empty": ((*CREATE, "--title", ""), USAGE, "The value of --title is empty"),
    "title blank": ((*CREATE, "--title", " \t "), USAGE, "The value of --title is blank"),
    "title too long": ((*CREATE, "--title", "x" * 501), INVALID, "500"),
    "title updated to empty": (("post", "update", "first", "--title", ""), USAGE, "The value of --title is empty"),
    "title missing": (CREATE, USAGE, "needs a title"),
    "title and author missing": (("post", "create"), USAGE, "needs a title and an author"),
    "title with NUL": ((*CREATE, "--title", "a\0b"), INVALID, "NUL character at offset 1"),
    "title with a lone surrogate": (
        (*CREATE, "--title", "a\udc80"),
        INVALID,
        "lone surrogate (not valid Unicode) at offset 1",
    ),
    "content with NUL": ((*CREATE, "--title", "x", "--content", "a\0b"), INVALID, "NUL character at offset 1"),
    "content with a lone surrogate": ((*CREATE, "--title", "x", "--content", "\udc80"), INVALID, "surrogate"),
    "excerpt with a lone surrogate": (("post", "update", "first", "--excerpt", "\udc80"), INVALID, "surrogate"),
    "reference with a lone surrogate": (("post", "show", "\udc80"), INVALID, "surrogate"),
    "author with a lone surrogate": (
        ("post", "list", "--author", "\udc80"),
        INVALID,
        "Authors: contains a lone surrogate",
    ),
    "tag reference with a lone surrogate": (("tag", "show", "\udc80"), INVALID, "surrogate"),
    "text to search for with a lone surrogate": (("post", "list", "--contains", "\udc80"), INVALID, "surrogate"),
    "text to search for in users with a lone surrogate": (
        ("user", "list", "--contains", "\udc80"),
        INVALID,
        "surrogate",
    ),
    "e-mail without domain": (
        ("user", "create", "ann", "--generate-password"),
        INVALID,
        "'ann' is not an e-mail address",
    ),
    "e-mail with a lone surrogate": (
        ("user", "create", "a\udc80@example.org", "--generate-password"),
        INVALID,
        "not an e-mail address",
    ),
    "full name too long": (("user", "update", "ann@example.org", "--full-name", "x" * 101), INVALID, "100"),
    "tag name empty": (("tag", "create", ""), USAGE, "The value of NAME is empty"),
    "tag name too long": (("tag", "create", "fine", "x" * 51), INVALID, "at most 50 characters, not 51"),
    "tag name with comma": (("tag", "create", "a,b"), INVALID, "comma"),
    "tag name with control character": (("tag", "create", "a\x07"), INVALID, "control character"),
    "tag name with a lone surrogate": (("tag", "create", "\udc80"), INVALID, "surrogate"),
    "empty tag in a list of tags": ((*CREATE, "--title", "x", "--tag", "a,,b"), USAGE, "empty item"),
    "tag renamed to blank": (("tag", "rename", "python", " "), USAGE, "The value of NEW is blank"),
    "slug with slash": ((*CREATE, "--title", "x", "--slug", "a/b"), INVALID, "is not a valid slug"),
    "slug with dots": ((*CREATE, "--title", "x", "--slug", "a..b"), INVALID, "dot"),
    "slug with path to parent folder": ((*CREATE, "--title", "x", "--slug", "../x"), INVALID, "dot"),
    "slug in upper case": ((*CREATE, "--title", "x", "--slug", "Hello"), INVALID, "upper-case"),
    "slug that is taken": ((*CREATE, "--title", "x", "--slug", "first"), CONFLICT, "first"),
    "date that does not exist": ((*CREATE, "--title", "x", "--published-at", "2026-02-30"), USAGE, "2026-02-30"),
    "date to filter by that does not exist": (("post", "list", "--since", "2026-13-01"), USAGE, "2026-13-01"),
    "time in a DST gap": ((*CREATE, "--title", "x", "--published-at", "2026-03-29T02:30"), USAGE, "clocks go forward"),
    "time to schedule in a DST gap": (
        ("post", "schedule", "first", "--at", "2026-03-29T02:30"),
        USAGE,
        "clocks go forward",
    ),
    "limit -1": (("post", "list", "--limit", "-1"), USAGE, "must be at least 0"),
    "offset -1": (("tag", "list", "--offset", "-1"), USAGE, "must be at least 0"),
    "limit of users -1": (("user", "list", "--limit", "-1"), USAGE, "must be at least 0"),
    "unknown status": (("post", "list", "--status", "lost"), USAGE, "published"),
    "unknown field": (("post", "list", "--fields", "id,nope"), USAGE, "id, uuid, title"),
    "mistyped field": (
        ("post", "list", "--fields", "id,tilte"),
        USAGE,
        "Did you mean 'title'? Use one of the fields id, uuid",
    ),
    "unknown single field": (("user", "list", "--field", "hashed_password"), USAGE, "Unknown field: hashed_password"),
    "unknown sort key": (("post", "list", "--sort", "nope"), USAGE, "Cannot sort by 'nope'"),
    "unknown sort key of tags": (("tag", "list", "--sort", "nope"), USAGE, "Cannot sort by 'nope'"),
    "unknown format": (("post", "list", "--format", "xml"), USAGE, "jsonl"),
    "unknown author": (("post", "list", "--author", "bob@example.org"), NOT_FOUND, "bob@example.org"),
    "unknown author of a new post": (
        ("post", "create", "--title", "x", "--author", "bob@example.org"),
        NOT_FOUND,
        "bob",
    ),
    "unknown tag": (("post", "list", "--tag", "nope"), NOT_FOUND, "nope"),
    "unknown tag to exclude in a bulk command": (("post", "publish", "--not-tag", "nope"), NOT_FOUND, "nope"),
    "unknown tag in a bulk command": (("post", "publish", "--tag", "nope"), NOT_FOUND, "nope"),
    "mistyped post": (("post", "show", "frist", "slug:secnd"), NOT_FOUND, "Did you mean 'first' and 'second'?"),
    "several missing posts": (("post", "delete", "first", "98", "99"), NOT_FOUND, "No such posts: 98, 99"),
    "three ids in one argument": (("post", "delete", "4 5 6"), USAGE, "Invalid reference '4 5 6'"),
    "three users in one argument": (("user", "show", "4 5 6"), USAGE, "Invalid reference '4 5 6'"),
    "update of a post without changes": (("post", "update", "first"), USAGE, "No changes given"),
    "update of a user without changes": (("user", "update", "ann@example.org"), USAGE, "No changes given"),
    "bulk command without selection": (("post", "publish"), USAGE, "No posts selected"),
    "references and filters": (("post", "publish", "first", "--tag", "python"), USAGE, "cannot be combined"),
    "tag merged into itself": (("tag", "merge", "python", "PYTHON", "--yes"), USAGE, "into itself"),
    "single tag to merge": (("tag", "merge", "python"), USAGE, "two tags"),
    "unreadable file": ((*CREATE, "/nonexistent/hello.md"), USAGE, "Cannot read /nonexistent/hello.md"),
    "directory for a file": ((*CREATE, "/"), USAGE, "Cannot read /"),
    "unreadable list": (("post", "show", "--from", "/nonexistent/ids"), USAGE, "Cannot read /nonexistent/ids"),
    "purge without a terminal": (("post", "delete", "first", "--purge"), NOT_CONFIRMED, "--yes"),
    "user deleted without a terminal": (("user", "delete", "ann@example.org"), NOT_CONFIRMED, "--yes"),
    "user with posts": (("user", "delete", "ann@example.org", "--yes"), CONFLICT, "--reassign-to"),
    "tag deleted without a terminal": (("tag", "delete", "python"), NOT_CONFIRMED, "--yes"),
    "tags pruned without a terminal": (("tag", "prune"), NOT_CONFIRMED, "--yes"),
    "more posts than --max-affected": (("post", "publish", "--all", "--max-affected", "1"), CONFLICT, "More than 1 "),
    "id out of range of the database": (("post", "show", "99999999999999999999"), NOT_FOUND, "No such post"),
    "revision that does not exist": (("db", "upgrade", "nope"), USAGE, "nope"),
}

Snapshot = Callable[[], list[Any]]


@cli_snapshot
def filled(cli: Cli) -> None:
    """Create a tag, and a user with two posts."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE, "--title", "First", "--tag", "python")
    cli.ok(*CREATE, "--title", "Second")


@pytest.fixture
def blog(filled: Cli) -> Cli:
    """Return the CLI of the filled blog, with the time zone of Berlin, which has daylight saving time."""
    filled.environ["BLOGCLI_TIMEZONE"] = "Europe/Berlin"
    return filled


@pytest.fixture
def snapshot(blog: Cli) -> Snapshot:
    """Return a function that returns all posts, users and tags."""
    return lambda: [blog.json(noun, "list") for noun in ("post", "user", "tag")]


def assert_refused(result: Result, code: int, text: str, name: str = "") -> None:
    """Assert that a command failed with a one-line error, which may be followed by a hint."""
    assert (result.exit_code, result.stdout) == (code, ""), (name, result.stderr)
    error, *hints = result.stderr.splitlines()
    assert error.startswith("Error: "), name
    assert [hint[:6] for hint in hints] in ([], ["Hint: "])
    assert text in result.stderr, name


@pytest.mark.parametrize("noun", ["post create", "post", "user", "tag", "other"])
def test_invalid_input_is_refused_and_writes_nothing(blog: Cli, snapshot: Snapshot, noun: str) -> None:
    contents = snapshot()
    for name, (arguments, code, text) in REFUSED.items():
        if group_of(arguments) == noun:
            assert_refused(blog(*arguments), code, text, name)
    assert snapshot() == contents


def group_of(arguments: tuple[str, ...]) -> str:
    """Return the group of a command line.

    The command lines of a group share a database, because none of them changes the database.
    """
    if arguments[:2] == ("post", "create"):
        return "post create"
    return arguments[0] if arguments[0] in ("post", "user", "tag") else "other"


def test_error_with_json_output_is_json_object(blog: Cli) -> None:
    result = blog("post", "show", "nope", "--format", "json")
    assert (result.exit_code, result.stdout) == (NOT_FOUND, "")
    assert result.error == {"code": "not_found", "message": "No such post: nope", "hint": None}
    assert blog("post", "list", "--sort", "nope", "--format=jsonl").error["code"] == "usage"
    assert blog("post", "list", "--limt", "1", "--format", "json").error["code"] == "usage"
    assert "--yes" in blog("tag", "prune", "--format", "json").error["hint"]


@pytest.mark.parametrize(
    ("data", "offset"),
    [(b"caf\xe9", 3), (b"\xef\xbb\xbfcaf\xe9", 6), (b"ab\xc3", 2), (b"a\0b", 1), (b"\xed\xa0\x80", 0)],
)
@pytest.mark.parametrize("source", ["-", "file"])
def test_create_from_invalid_bytes_names_offset(
    blog: Cli, snapshot: Snapshot, tmp_path: Path, data: bytes, offset: int, source: str
) -> None:
    contents = snapshot()
    path = tmp_path / "post.md"
    path.write_bytes(data)
    result = blog(*CREATE, "--title", "x", str(path) if source == "file" else "-", stdin=data)
    assert_refused(result, INVALID, f" {offset}")
    assert snapshot() == contents


def test_dash_with_terminal_as_stdin_is_refused(blog: Cli, snapshot: Snapshot) -> None:
    contents = snapshot()
    assert_refused(blog(*CREATE, "--title", "x", "-", terminal=True), USAGE, "stdin is a terminal")
    assert_refused(blog("post", "show", "--from", "-", terminal=True), USAGE, "stdin is a terminal")
    assert snapshot() == contents


def test_delete_with_declined_confirmation_changes_nothing(blog: Cli, snapshot: Snapshot) -> None:
    contents = snapshot()
    result = blog("post", "delete", "first", "--purge", terminal=True, stdin="n\n")
    assert (result.exit_code, result.stdout) == (NOT_CONFIRMED, "")
    assert "Error: Not confirmed; nothing was changed" in result.stderr
    assert snapshot() == contents


@pytest.mark.parametrize("data", [b"1\n\xff\n", b"1\n\0\n"])
def test_references_from_invalid_bytes_are_refused(blog: Cli, data: bytes) -> None:
    assert_refused(blog("post", "show", "--from", "-", stdin=data), INVALID, "byte 2")
    assert_refused(blog("tag", "show", "--from", "-", stdin=data), INVALID, "byte 2")


@pytest.mark.skipif(
    sys.flags.utf8_mode == 0 and sys.getfilesystemencoding() != "utf-8", reason="needs file names in UTF-8"
)
def test_file_name_with_invalid_characters_is_escaped(blog: Cli) -> None:
    assert_refused(blog(*CREATE, "--title", "x", "/nonexistent/\udc80\x1b[2J"), USAGE, "\\u001b[2J")


@pytest.mark.untraced
def test_content_of_ten_megabytes_is_unchanged(blog: Cli, tmp_path: Path) -> None:
    content = "# Größe\r\n\tπ ≈ 3\n  end\u2028\n" * 400_000
    assert len(content.encode()) > 10_000_000
    (tmp_path / "long.md").write_bytes(content.encode())
    blog.ok(*CREATE, "--title", "Long", str(tmp_path / "long.md"))
    assert blog.ok("post", "show", "long", "--raw").stdout == content
