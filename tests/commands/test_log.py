"""Tests of `blogcli log`."""

import json
from typing import Any

import pytest

from tests.command_line import Cli
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot

FIELDS = [
    *("id", "kind", "command", "actor", "host", "started_at", "ended_at", "profile", "program"),
    *("users", "posts", "tags", "links", "undone_by", "targets", "forgotten"),
]


@cli_snapshot
def blog(cli: Cli) -> None:
    """Make a blog by five operations, and change it by another program."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "Hello", "--author", "ann@example.org", "--tag", "a,b", "--content", "one")
    cli.ok("post", "publish", "hello")
    cli.ok("tag", "rename", "a", "c")
    cli.ok("post", "update", "hello", "--title", "Bye", "--content", "two", "--slug", "bye")
    execute(cli.url, "UPDATE tags SET name = 'C' WHERE name = 'c'")


def ids_of(cli: Cli, *arguments: str | int) -> list[int]:
    return [operation["id"] for operation in cli.json("log", *arguments)]


def shown(cli: Cli, *arguments: str | int) -> list[str]:
    """Return the lines of a command whose output goes to a terminal of 120 columns."""
    result = cli(*arguments, "--no-pager", terminal=True, COLUMNS="120", NO_COLOR="1")
    assert result.exit_code == 0, result.stderr
    return [line.rstrip() for line in result.lines]


def test_log_lists_operations_newest_first(blog: Cli) -> None:
    operations = blog.json("log")
    assert [list(operation) for operation in operations] == [FIELDS] * 6
    assert [(operation["id"], operation["kind"]) for operation in operations] == [
        (6, "outside"),
        *((id_, "command") for id_ in (5, 4, 3, 2, 1)),
    ]
    counts = [[operation[name] for name in ("users", "posts", "tags", "links")] for operation in operations]
    assert counts == [[0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 2, 2], [1, 0, 0, 0]]
    assert operations[2]["command"] == "tag rename a c"
    assert operations[2]["undone_by"] is None


def test_log_table_has_columns_for_people(blog: Cli) -> None:
    actor = blog.json("log", "--limit", 1, "--command", "tag")[0]["actor"]
    blog.ok("undo", 4, "--with-later", "--yes")
    header, rule, *rows = shown(blog, "log", "--limit", 5)
    assert header.split() == ["OP", "When", "Who", "What", "Changed", "Undone", "by"]
    assert set(rule) == {"─"}
    undo = blog.json("log", "--limit", 1)[0]["id"]
    assert [row.split()[0] for row in rows] == [str(undo), "6", "5", "4", "3"]
    assert f" {actor} " in rows[0]
    assert " undo 4 --with-later --yes " in rows[0]
    assert "(outside, " in rows[1]
    assert rows[1].split()[-1] == rows[3].split()[-1] == str(undo)
    assert rows[2].endswith("1 post")
    # A list that is not limited has the same columns.
    assert shown(blog, "log", "--limit", 0)[0].split() == header.split()


def test_log_on_terminal_counts_operations(blog: Cli) -> None:
    assert blog("log", "--limit", 2, terminal=True).stderr.splitlines()[-1] == "2 of 6; --limit 0 for all"
    assert len(shown(blog, "log")) == 2 + 6


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("--post", "bye"), [5, 3, 2]),
        (("--post", "1"), [5, 3, 2]),
        (("--post", "id:1"), [5, 3, 2]),
        (("--user", "ann@example.org"), [1]),
        (("--tag", "C"), [6, 4, 2]),
        (("--tag", "b"), [2]),
        (("--command", "post"), [5, 3, 2]),
        (("--command", "post publish"), [3]),
        (("--command", "pos"), []),
        (("--command", "%"), []),
        (("--outside",), [6]),
        (("--by", "nobody-of-this-name"), []),
        (("--mine",), [5, 4, 3, 2, 1]),
        (("--since", "today"), [6, 5, 4, 3, 2, 1]),
        (("--since", "tomorrow"), []),
        (("--until", "yesterday"), []),
        (("--until", "today"), [6, 5, 4, 3, 2, 1]),
        (("--limit", "2"), [6, 5]),
        (("--offset", "4"), [2, 1]),
        (("--limit", "1", "--offset", "1", "--command", "post"), [3]),
        (("--post", "bye", "--command", "post publish"), [3]),
    ],
)
def test_log_filters_operations(blog: Cli, arguments: tuple[str, ...], ids: list[int]) -> None:
    assert ids_of(blog, *arguments) == ids
    assert ids_of(blog, "list", *arguments) == ids
    if not {"--limit", "--offset"} & {*arguments}:
        assert blog.ok("log", *arguments, "--format", "count").stdout == f"{len(ids)}\n"


def test_log_finds_deleted_rows(blog: Cli) -> None:
    uuid = blog.json("post", "show", "bye")["uuid"]
    blog.ok("post", "delete", "bye", "--purge", "--yes")
    blog.ok("tag", "delete", "b", "--yes")
    blog.ok("user", "delete", "ann@example.org", "--yes")
    for reference in ("bye", "slug:bye", "1", "id:1", uuid, uuid.replace("-", "")):
        assert ids_of(blog, "--post", reference) == [7, 5, 3, 2]
    assert ids_of(blog, "--tag", "B") == ids_of(blog, "--tag", "id:2") == [8, 7, 2]
    assert ids_of(blog, "--user", "ANN@example.org") == ids_of(blog, "--user", "1") == [9, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--post", "hello"), "No such post: hello"),
        (("--post", "7"), "No such post: 7"),
        (("--user", "eve@example.org"), "No such user: eve@example.org"),
        (("--tag", "x"), "No such tag: x"),
        (("show", "99"), "No such operation: 99"),
    ],
)
def test_log_of_unknown_record_fails(blog: Cli, arguments: tuple[str, ...], message: str) -> None:
    result = blog("log", *arguments)
    assert (result.exit_code, result.stdout) == (5, "")
    assert result.stderr.splitlines()[0] == f"Error: {message}"


@pytest.mark.parametrize("arguments", [("--mine", "--by", "ann"), ("--since", "x"), ("show",), ("show", "0"), ("3",)])
def test_log_refuses_invalid_options(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli("log", *arguments).exit_code == 2


def test_log_of_new_database_is_empty(cli: Cli) -> None:
    assert cli.json("log") == []
    assert shown(cli, "log") == []


def test_log_does_not_change_journal(blog: Cli) -> None:
    blog.ok("log", "--post", "bye")
    blog.ok("log", "show", 2)
    assert fetch(blog.url, "SELECT max(id), count(*) FROM journal_operations") == [(6, 6)]


def changes_of(cli: Cli, id_: int) -> list[dict[str, Any]]:
    lines = cli.ok("log", "show", id_, "--format", "jsonl").lines
    return [json.loads(line) for line in lines]


def test_show_prints_changes_as_json_lines(blog: Cli) -> None:
    (change,) = changes_of(blog, 5)
    assert list(change) == ["table", "id", "other", "action", "from", "to"]
    assert [change[name] for name in ("table", "id", "other", "action")] == ["posts", 1, None, "update"]
    former = {"title": "Hello", "slug": "hello", "content": "one"}
    assert {name: change["from"][name] for name in former} == former
    assert {name: change["to"][name] for name in former} == {"title": "Bye", "slug": "bye", "content": "two"}
    assert list(change["from"]) == list(change["to"])
    created = {change["table"]: change for change in changes_of(blog, 2)}
    assert created["post_tags"]["other"] == 2
    assert created["posts"]["from"] is None
    assert created["posts"]["to"]["title"] == "Hello"
    blog.ok("post", "delete", 1, "--purge", "--yes")
    deleted = {change["table"]: change for change in changes_of(blog, 7)}
    assert deleted["posts"]["to"] is None
    assert deleted["posts"]["from"]["title"] == "Bye"


def test_show_on_terminal_groups_changes_by_row(blog: Cli) -> None:
    title, who, counts, *rows = shown(blog, "log", "show", 2)
    assert title == "Operation 2: post create --title Hello --author ann@example.org --tag a,b --content one"
    assert who.startswith(f"  {blog.json('log', '--mine', '--limit', 1)[0]['actor']} on ")
    assert counts == "  1 post, 2 tags, 2 links"
    assert rows == ["  post 1 (bye)  created; tags +C +b", "  tag 1 (C)  created", "  tag 2 (b)  created"]
    assert shown(blog, "log", "show", 5)[3:] == [
        "  post 1 (bye)  title Hello -> Bye; slug hello -> bye; content changed (3 -> 3 characters)"
    ]
    (published,) = shown(blog, "log", "show", 3)[3:]
    assert published.startswith("  post 1 (bye)  status draft -> published; published_at none -> ")
    assert shown(blog, "log", "show", 6)[3:] == ["  tag 1 (C)  name c -> C"]


def test_show_combines_changes_of_one_operation(blog: Cli) -> None:
    execute(
        blog.url,
        """BEGIN; UPDATE posts SET title = 'x'; UPDATE posts SET title = 'y', excerpt = 'z'; DELETE FROM post_tags;
        UPDATE posts SET excerpt = NULL; INSERT INTO tags (name, key) VALUES ('t', 't');
        DELETE FROM tags WHERE key = 't';
        UPDATE users SET is_active = FALSE, updated_at = created_at, full_name = 'Ann'; COMMIT""",
    )
    last = blog.json("log", "--limit", 1)[0]["id"]
    rows = [line for line in shown(blog, "log", "show", last)[3:] if "(C)" not in line]
    assert rows == [
        "  user 1 (ann@example.org)  full_name none -> Ann; is_active yes -> no",
        "  post 1 (bye)  title Bye -> y; tags -C -b",
        "  tag 3 (t)  created and deleted",
    ]


def test_show_names_authors_and_bookkeeping_columns(blog: Cli) -> None:
    blog.ok("user", "create", "bob@example.org", "--no-password")
    blog.ok("post", "update", 1, "--author", "bob@example.org")
    assert shown(blog, "log", "show", 8)[3:] == ["  post 1 (bye)  author ann@example.org -> bob@example.org"]
    blog.ok("tag", "delete", "b", "--yes")
    assert shown(blog, "log", "show", 9)[3:] == ["  post 1 (bye)  tags -b", "  tag 2 (b)  deleted"]


def test_show_hides_passwords(blog: Cli) -> None:
    blog.ok("user", "set-password", "ann@example.org", "--password-stdin", stdin="correct horse battery")
    last = blog.json("log", "--limit", 1)[0]["id"]
    assert shown(blog, "log", "show", last)[3:] == ["  user 1 (ann@example.org)  password changed"]
    stored = fetch(blog.url, "SELECT hashed_password FROM users")[0][0]
    for format_ in ("json", "jsonl", "csv", "tsv", "yaml"):
        output = blog.ok("log", "show", last, "--format", format_).stdout
        assert "***" in output
        assert stored not in output


def test_show_on_terminal_limits_rows(cli: Cli) -> None:
    cli.ok("tag", "create", *(f"tag{number}" for number in range(21)))
    lines = shown(cli, "log", "show", 1)[3:]
    assert (len(lines), lines[-1]) == (21, "  ... and more rows (`--all`)")
    assert len(shown(cli, "log", "show", 1, "--all")[3:]) == 21
    assert cli.ok("log", "show", 1, "--format", "count").stdout == "21\n"


def test_hostile_text_is_escaped_on_terminal(blog: Cli) -> None:
    execute(blog.url, "UPDATE posts SET title = 'red' || '\x1b[31m' || '\u202e'")
    last = blog.json("log", "--limit", 1)[0]["id"]
    lines = shown(blog, "log", "show", last)
    assert "\x1b" not in "".join(lines)
    assert "title Bye -> red\\u001b[31m\\u202e" in "".join(lines)


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "tsv", "yaml", "ids"])
def test_log_prints_every_format(blog: Cli, format_: str) -> None:
    assert blog.ok("log", "--format", format_).stdout
    assert blog.ok("log", "show", 2, "--format", format_).stdout


def test_log_streams_operations_beyond_one_batch(cli: Cli) -> None:
    values = ", ".join("('command', 'tag create')" for _ in range(2_500))
    execute(cli.url, f"INSERT INTO journal_operations (kind, verb) VALUES {values}")  # noqa: S608 - the values are constants
    if not cli.url.startswith("postgresql:"):
        execute(cli.url, "DELETE FROM journal_current; DELETE FROM journal_operations WHERE id > 2500")
    ids = ids_of(cli)
    assert ids == sorted(ids, reverse=True)
    assert len(ids) >= 2_499
    assert ids_of(cli, "--offset", 1_200) == ids[1_200:]
