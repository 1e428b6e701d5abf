"""Tests that text with control characters, Rich markup or formulas is stored unchanged and escaped in the output."""

import csv
import io
import json
from pathlib import Path

import pytest

from blogcli.errors import ExitCode
from tests.command_line import Cli, environment
from tests.databases import Templates, execute
from tests.snapshots import cli_snapshot
from tests.terminal_output import changes_terminal

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


# Command lines that print names and texts of records, errors, questions, notes and candidates on a terminal, with their
# exit codes.
PRINTING: list[tuple[ExitCode, tuple[str, ...]]] = [
    (ExitCode.DONE, ("post", "list", "--fields", "id,title,author,tags,excerpt,slug")),
    (ExitCode.DONE, ("post", "show", "1", "--rendered")),
    (ExitCode.DONE, ("post", "update", "1", "--title", "\x1b[2J\u202e&#x202e;", "--dry-run", "--debug")),
    (ExitCode.NOT_CONFIRMED, ("post", "delete", "1", "--purge")),
    (ExitCode.NOT_FOUND, ("post", "delete", "\x1b[2J\x9b", "--debug")),
    # The last argument is not valid UTF-8, so the database refuses it.
    (ExitCode.INVALID, ("post", "delete", "\x1b[2J\x9b", "\udc9b2J", "--debug")),
    (ExitCode.DONE, ("post", "history", "1")),
    (ExitCode.USAGE, ("post", "schedule", "1", "--at", "\x1b[2J")),
    (ExitCode.DONE, ("post", "schedule", "1", "--at", "2090-01-01", "--dry-run")),
    (ExitCode.USAGE, ("post", "list", "--sort", "\x1b[2J\u202e")),
    (ExitCode.DONE, ("user", "show", "1")),
    (ExitCode.NOT_CONFIRMED, ("user", "delete", "1", "--purge-posts")),
    (ExitCode.DONE, ("tag", "list")),
    (ExitCode.NOT_FOUND, ("tag", "merge", "id:1", "\x1b[2J")),
    (ExitCode.NOT_CONFIRMED, ("tag", "delete", "id:1")),
    (ExitCode.DONE, ("stats", "posts", "--by", "tag")),
    (ExitCode.FAILED, ("check",)),
    (ExitCode.DONE, ("log",)),
    (ExitCode.DONE, ("log", "show", "2", "--all")),
    (ExitCode.DONE, ("undo", "2", "--with-later", "--dry-run")),
    (ExitCode.CONFIGURATION, ("--profile", "\x1b[2J\u202e", "post", "list")),
    (ExitCode.CONFIGURATION, ("--database-url", "/\x1b[2J\u202e/x.db", "post", "list")),
    (ExitCode.USAGE, ("import", "markdown", "\x1b[2J\u202e.md")),
    (ExitCode.USAGE, ("\x1b[2J\u202e",)),
]


def test_output_of_commands_leaves_terminal_unchanged(blog: Cli) -> None:
    text = "word \x1b[2J\x1b]0;title\x07\u202e\x9b2J\r\b&#x202e;\u2028"
    blog.ok(*CREATE, "--title", text, "--content", f"{text}\n\n{text}", "--excerpt", text, "--tag", "x")
    names = "'' || char(27) || '[2J' || char(8238)"
    names = names.replace("char", "chr") if blog.url.startswith("postgresql") else names
    for column in ("tags SET name", "users SET full_name", "posts SET slug"):
        execute(blog.url, f"UPDATE {column} = {names}")
    for exit_code, arguments in PRINTING:
        result = blog(*arguments, "--color", terminal=True, stdin="n\n", PAGER="cat")
        assert result.exit_code == exit_code, (arguments, ascii(result.stderr))
        assert not changes_terminal(result.stdout), (arguments, ascii(result.stdout))
        assert not changes_terminal(result.stderr), (arguments, ascii(result.stderr))


def test_names_with_control_characters_are_not_completed(templates: Templates, tmp_path: Path) -> None:
    cli = Cli(environment(templates.new_sqlite(tmp_path), tmp_path))
    cli.ok("tag", "create", "x", "xy")
    execute(cli.url, "UPDATE tags SET name = 'x' || char(27) || '[2J' WHERE id = 1")
    assert cli.ok("completion", "candidates", "zsh", "--", "blogcli", "tag", "show", "x").stdout == "xy\n"


@pytest.mark.parametrize("start", "=+-@\t")
def test_csv_cells_are_escaped_only_with_csv_safe(blog: Cli, start: str) -> None:
    title = f'{start}cmd|"/C calc"!A0'
    id_ = blog.ok(*CREATE, f"--title={title}").stdout.strip()
    for options, cell in (((), title), (("--csv-safe",), f"'{title}")):
        text = blog.ok("post", "show", id_, "--format", "csv", "--fields", "id,title", *options).stdout
        assert list(csv.reader(io.StringIO(text, newline=""))) == [["id", "title"], [id_, cell]]
