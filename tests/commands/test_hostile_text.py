"""Tests that text with control characters, Rich markup or formulas is stored unchanged and escaped in the output."""

import csv
import io
import json

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

HOSTILE = [
    "[bold]x[/bold]",
    "[/]",
    ":smile:",
    "a\x1b[31mred",
    "a\x1b]52;c;aGk=\x07b",
    "a\u202etxt.exe\u2066b\u2069",
    "\x9b2J",
]

CREATE = ("post", "create", "--author", "ann@example.org")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a blog with a user and without posts."""
    cli.ok("user", "create", "ann@example.org", "--no-password")


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_is_stored_unchanged_and_escaped_on_terminal(blog: Cli, title: str) -> None:
    id_ = blog.ok(*CREATE, "--title", title).stdout.strip()
    assert blog.json("post", "show", id_)["title"] == title
    assert blog.ok("post", "show", id_, "--field", "title").stdout == f"{title}\n"
    (row,) = csv.DictReader(io.StringIO(blog.ok("post", "show", id_, "--format", "csv").stdout, newline=""))
    assert row["title"] == title
    for arguments in (("list",), ("show", id_), ("show", id_, "--field", "title"), ("show", id_, "--rendered")):
        shown = blog("--no-color", "post", *arguments, "--no-pager", terminal=True, COLUMNS="200")
        assert shown.exit_code == 0
        assert not set(shown.stdout) & set("\x1b\x07\x9b\u202e\u2066\u2069")
        assert arguments[-1] == "--rendered" or escaped(title) in shown.stdout
    as_json = blog("post", "show", id_, "--format", "json", terminal=True).stdout
    assert "\x1b" not in as_json
    assert json.loads(as_json)["title"] == title


def escaped(text: str) -> str:
    """Return the text with every unprintable character escaped as in JSON."""
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def test_hostile_name_is_escaped_in_messages(blog: Cli) -> None:
    for result in (blog("post", "show", "[bold]\x1b[2J"), blog("tag", "show", "\x1b]52;c;aGk=\x07\u202e")):
        assert (result.exit_code, result.stdout) == (5, "")
        assert "\\u001b" in result.stderr
        assert not set(result.stderr) & set("\x1b\x07\u202e")
    assert "\x1b" not in blog.ok("tag", "create", "a\u202eb").stderr
    assert "\u202e" not in blog("tag", "delete", "a\u202eb", terminal=True, stdin="y\n").stderr


@pytest.mark.parametrize("start", "=+-@\t")
def test_csv_cells_are_escaped_only_with_csv_safe(blog: Cli, start: str) -> None:
    title = f'{start}cmd|"/C calc"!A0'
    id_ = blog.ok(*CREATE, f"--title={title}").stdout.strip()
    for options, cell in (((), title), (("--csv-safe",), f"'{title}")):
        text = blog.ok("post", "show", id_, "--format", "csv", "--fields", "id,title", *options).stdout
        assert list(csv.reader(io.StringIO(text, newline=""))) == [["id", "title"], [id_, cell]]
