"""Tests of `blogcli post history`, `diff` and `revert`, and of `post show --at`."""

import csv
import io
import json
from typing import Any

import pytest
import yaml

from blogcli.errors import ExitCode
from tests.command_line import Cli
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot
from tests.stress import IS_FULL

OLD_TEXT = "One two three\n\nFour five\n"
NEW_TEXT = "One 2 three\n\nFour five six\n"
TERMINAL = {"COLUMNS": "100", "PAGER": "cat", "TERM": "xterm"}
FIELDS = [
    *("operation", "kind", "command", "actor", "program", "ended_at", "replaced_at"),
    *("changed", "words", "words_change", "same_as"),
]


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a post with operation 3, update it with operation 4, and publish it with operation 5."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("user", "create", "bob@example.org", "--no-password")
    post = ("--title", "Hello world", "--author", "ann@example.org", "--tag", "py")
    cli.ok("post", "create", *post, "--content", OLD_TEXT)
    cli.ok("post", "update", "hello-world", "--title", "Hello", "--content", NEW_TEXT)
    cli.ok("post", "publish", "hello-world")


def history(cli: Cli, reference: str = "1") -> Any:
    return cli.json("post", "history", reference)


def apply(pieces: list[Any], field: str, change: str) -> str:
    return "".join(
        piece["text"] for piece in pieces if piece["field"] == field and piece["change"] in ("equal", change)
    )


# History


def test_history_lists_versions_newest_first(blog: Cli) -> None:
    versions = history(blog, "hello-world")
    assert [version["operation"] for version in versions] == [5, 4, 3]
    assert [version["changed"] for version in versions] == [
        ["status", "published_at"],
        ["title", "content"],
        ["created"],
    ]
    assert [version["words"] for version in versions] == [6, 6, 5]
    assert [version["words_change"] for version in versions] == [0, 1, 5]
    assert versions[0]["command"] == "post publish hello-world"
    assert versions[0]["kind"] == "command"
    assert versions[0]["replaced_at"] is None
    assert versions[1]["replaced_at"] == versions[0]["ended_at"]


def test_history_names_earlier_version_that_is_equal(blog: Cli) -> None:
    blog.ok("post", "delete", "hello-world")
    blog.ok("post", "restore", "hello-world")
    blog.ok("post", "revert", "1", "--to", "3", "--all")
    assert [(version["operation"], version["same_as"]) for version in history(blog)] == [
        *((8, 3), (7, 5), (6, None)),
        *((5, None), (4, None), (3, None)),
    ]
    assert [version["changed"] for version in history(blog)][1:3] == [
        ["trashed_at", "status"],
        ["trashed_at", "status"],
    ]


def test_history_does_not_confuse_texts_of_equal_length(blog: Cli) -> None:
    for text in ("one two", "two one", "one two"):
        blog.ok("post", "update", "1", "--content", text)
    assert [version["same_as"] for version in history(blog)][:3] == [6, None, None]


def test_history_has_every_format(blog: Cli) -> None:
    records = history(blog)
    assert list(records[0]) == FIELDS
    output = {
        name: blog.ok("post", "history", "1", "--format", name).stdout
        for name in ("jsonl", "yaml", "csv", "tsv", "count")
    }
    assert [json.loads(line) for line in output["jsonl"].splitlines()] == records
    assert yaml.safe_load(output["yaml"]) == records
    rows = list(csv.DictReader(io.StringIO(output["csv"], newline="")))
    assert [row["changed"] for row in rows] == ["status, published_at", "title, content", "created"]
    assert output["tsv"].startswith("5\t")
    assert output["count"] == "3\n"
    selected = blog.ok("post", "history", "1", "--fields", "operation,changed", "--limit", "1").stdout
    assert selected == "5\tstatus, published_at\n"
    assert blog("post", "history", "1", "--format", "ids").exit_code == ExitCode.USAGE


def test_history_on_terminal_is_table_with_limit(blog: Cli) -> None:
    for number in range(20):
        blog.ok("post", "update", "1", "--title", f"Title {number}")
    lines = blog("post", "history", "1", terminal=True, NO_COLOR="1", COLUMNS="100").stdout.splitlines()
    assert lines[0].split() == ["OP", "When", "Who", "What", "Changed", "Words"]
    assert len(lines) == 22
    assert lines[2].startswith("25 ")
    assert "title" in lines[2]
    options = ("--limit", "0", "--no-pager")
    lines = blog("post", "history", "1", *options, terminal=True, NO_COLOR="1", COLUMNS="100").lines
    assert lines[-1].endswith("+5")
    assert "created" in lines[-1]


def test_history_of_unknown_post_fails(blog: Cli) -> None:
    for reference in ("nope", "id:99", "00000000-0000-4000-8000-000000000001"):
        result = blog("post", "history", reference)
        assert (result.exit_code, result.stderr.splitlines()[0]) == (5, f"Error: No such post: {reference}")


def test_history_of_post_that_is_older_than_journal(blog: Cli) -> None:
    execute(blog.url, "DELETE FROM journal_changes WHERE operation_id < 5")
    versions = history(blog)
    assert [(version["operation"], version["changed"]) for version in versions] == [
        (5, ["status", "published_at"]),
        (None, ["unrecorded"]),
    ]
    assert versions[1]["replaced_at"] == versions[0]["ended_at"]
    line = blog("post", "history", "1", terminal=True, NO_COLOR="1", COLUMNS="100").lines[-1]
    assert "before 20" in line
    assert "not recorded" in line
    assert blog("post", "revert", "1", "--to", "-2").exit_code == ExitCode.NOT_FOUND
    blog.ok("post", "revert", "1", "--to", "-1", "--all")
    assert blog.json("post", "show", "1")["status"] == "draft"


def test_history_of_post_without_recorded_changes(blog: Cli) -> None:
    execute(blog.url, "DELETE FROM journal_changes; DELETE FROM journal_operations")
    (version,) = history(blog)
    assert (version["operation"], version["words"], version["changed"]) == (None, 6, ["unrecorded"])
    assert "no change" in blog("post", "diff", "1").stderr
    assert blog.json("post", "show", "1", "--at", "tomorrow")["title"] == "Hello"
    assert blog("post", "show", "1", "--at", "2000-01-01").exit_code == ExitCode.NOT_FOUND


def test_history_ends_before_erased_change(blog: Cli) -> None:
    execute(blog.url, "UPDATE journal_changes SET was = NULL WHERE operation_id = 4")
    versions = history(blog)
    assert [(version["operation"], version["changed"]) for version in versions] == [
        *((5, ["status", "published_at"]), (4, []), (None, ["unrecorded"])),
    ]
    assert blog("post", "show", "1", "--at", "3").exit_code == ExitCode.NOT_FOUND
    assert blog("post", "diff", "1", "--to", "4").exit_code == ExitCode.NOT_FOUND


def test_history_shows_change_of_other_program(blog: Cli) -> None:
    execute(blog.url, "UPDATE posts SET title = 'Outside' WHERE id = 1")
    version = history(blog)[0]
    assert (version["kind"], version["command"], version["changed"]) == ("outside", None, ["title"])
    assert "(outside" in blog("post", "history", "1", terminal=True, NO_COLOR="1", COLUMNS="120").lines[2]


def test_purged_post_is_found_by_id_uuid_and_last_slug(blog: Cli) -> None:
    uuid = blog.json("post", "show", "1")["uuid"]
    blog.ok("post", "update", "1", "--slug", "last")
    blog.ok("post", "delete", "1", "--purge", "--yes")
    for reference in ("id:1", "1", "last", "slug:last", uuid):
        assert [version["changed"][0] for version in history(blog, reference)][:2] == ["purged", "slug"]
    assert blog("post", "history", "hello-world").exit_code == ExitCode.NOT_FOUND
    assert blog.json("post", "show", "last", "--at", "5")["slug"] == "hello-world"


def test_post_is_found_by_uuid(blog: Cli) -> None:
    assert len(history(blog, blog.json("post", "show", "1")["uuid"])) == 3


# Show


def test_show_at_operation_uses_names_of_that_time(blog: Cli) -> None:
    blog.ok("tag", "rename", "py", "python")
    blog.ok("user", "update", "ann@example.org", "--email", "new@example.org")
    post = blog.json("post", "show", "hello-world", "--at", "4")
    assert (post["title"], post["content"], post["tags"], post["author"]) == (
        "Hello",
        NEW_TEXT,
        ["py"],
        "ann@example.org",
    )
    assert blog.json("post", "show", "1", "--at", "6")["tags"] == ["python"]
    assert blog.json("post", "show", "1", "--at", "7")["author"] == "new@example.org"
    assert blog.json("post", "show", "1", "--at", "7") == blog.json("post", "show", "1")


def test_show_at_time(blog: Cli) -> None:
    (time,) = fetch(blog.url, "SELECT ended_at FROM journal_operations WHERE id = 4")[0]
    at = time if isinstance(time, str) else time.isoformat()
    assert blog.ok("post", "show", "1", "--at", at, "--field", "status").stdout == "draft\n"
    assert blog.ok("post", "show", "1", "--at", "tomorrow", "--field", "status").stdout == "published\n"
    result = blog("post", "show", "1", "--at", "2001-01-01")
    assert (result.exit_code, result.stderr) == (5, "Error: Post 1 did not exist at this time\n")


def test_show_at_unknown_operation_fails(blog: Cli) -> None:
    for operation in ("99", "9" * 18):
        result = blog("post", "show", "1", "--at", operation)
        assert (result.exit_code, result.stderr.splitlines()[0]) == (5, f"Error: No such operation: {operation}")
    assert blog("post", "show", "1", "--at", "someday").exit_code == ExitCode.USAGE
    assert blog.json("post", "show", "1", "nope", "--at", "3", "--ignore-missing")["title"] == "Hello world"


# Differences


def test_diff_shows_last_change_in_unified_format(blog: Cli) -> None:
    blog.ok("post", "update", "1", "--content", OLD_TEXT)
    assert blog.ok("post", "diff", "hello-world").lines == [
        "post 1 (hello-world), before operation 6 to now",
        *("--- content", "+++ content", "@@ -1,3 +1,3 @@"),
        *("-One 2 three", "+One two three", " ", "-Four five six", "+Four five"),
    ]


def test_diff_between_operations_by_words(blog: Cli) -> None:
    lines = blog.ok("post", "diff", "1", "--from", "3", "--to", "4", "--word-diff").lines
    assert lines == [
        "post 1 (hello-world), operation 3 to operation 4",
        "title: Hello[- world-]",
        *("@@ -1,3 +1,3 @@", "One [-two-]{+2+} three", "", "Four five{+ six+}"),
    ]


@pytest.mark.parametrize("options", [("--to", "4"), ("--from", "-2", "--to", "-1"), ("--from", "3", "--to", "-1")])
def test_diff_selects_versions(blog: Cli, options: tuple[str, ...]) -> None:
    pieces = blog.json("post", "diff", "1", *options)
    assert {piece["field"] for piece in pieces} == {"title", "content"}
    assert apply(pieces, "content", "removed") == OLD_TEXT
    assert apply(pieces, "content", "added") == NEW_TEXT


def test_diff_of_equal_versions_says_so(blog: Cli) -> None:
    result = blog.ok("post", "diff", "1", "--from", "5")
    assert (result.stdout, result.stderr) == ("", "The versions do not differ.\n")
    assert blog.json("post", "diff", "1", "--from", "5") == []


def test_diff_of_new_and_of_purged_post(blog: Cli) -> None:
    assert "+title: Hello world" in blog.ok("post", "diff", "1", "--to", "3").lines
    blog.ok("post", "delete", "1", "--purge", "--yes")
    lines = blog.ok("post", "diff", "id:1").lines
    assert "-title: Hello" in lines
    assert "@@ -1,3 +0,0 @@" in lines


def test_diff_on_terminal_is_colored_and_escapes_control_characters(blog: Cli) -> None:
    blog.ok("post", "update", "1", "--content", "one \x1b[31mtwo \u202e\r\nthree", "--title", "A\x07")
    result = blog("post", "diff", "1", terminal=True, **TERMINAL)
    assert "\x1b[9;31mHello\x1b[0m\x1b[32mA\\u0007\x1b[0m" in result.stdout
    assert "\x1b[31mtwo" not in result.stdout
    assert "\\u001b[31mtwo" in result.stdout
    assert "\u202e" not in result.stdout
    plain = blog("post", "diff", "1", terminal=True, **TERMINAL, NO_COLOR="1").stdout
    assert "title: [-Hello-]{+A\\u0007+}" in plain
    exact = blog.ok("post", "diff", "1").stdout
    assert "+one \x1b[31mtwo \u202e\r\n" in exact


def test_diff_of_unknown_operation_fails(blog: Cli) -> None:
    assert blog("post", "diff", "1", "--from", "99").exit_code == ExitCode.NOT_FOUND
    assert blog("post", "diff", "1", "--from", str(10**30)).exit_code == ExitCode.NOT_FOUND
    result = blog("post", "diff", "1", "--from", "-4")
    assert (result.exit_code, result.stderr) == (5, "Error: The journal contains only 3 changes of post 1\n")


# Reverts


def test_revert_is_ordinary_change_of_texts(blog: Cli) -> None:
    before = blog.json("post", "show", "1")
    result = blog.ok("post", "revert", "hello-world", "--to", "3")
    assert (result.stdout, result.stderr) == ("1\n", "Reverted post 1 (hello-world).\n")
    post = blog.json("post", "show", "1")
    assert (post["title"], post["content"], post["words"]) == ("Hello world", OLD_TEXT, 5)
    assert (post["status"], post["version"]) == ("published", before["version"] + 1)
    assert post["updated_at"] > before["updated_at"]
    assert [hit["id"] for hit in blog.json("post", "search", "two")] == [1]
    assert blog.json("post", "search", "six") == []
    assert blog.json("db", "check") == []


def test_revert_to_version_before_last_change(blog: Cli) -> None:
    blog.ok("post", "update", "1", "--title", "Other", "--excerpt", "E")
    blog.ok("post", "revert", "1", "--to", "-1")
    post = blog.json("post", "show", "1")
    assert (post["title"], post["excerpt"]) == ("Hello", None)
    assert history(blog)[0]["same_as"] == 5


def test_revert_all_restores_every_field(blog: Cli) -> None:
    former = blog.json("post", "show", "1")
    blog.ok("post", "update", "1", "--slug", "other", "--author", "bob@example.org", "--set-tags", "new")
    blog.ok("post", "expire", "1", "--at", "2999-01-01")
    blog.ok("post", "unpublish", "1")
    blog.ok("tag", "delete", "py", "--yes")
    blog.ok("post", "revert", "1", "--to", "5", "--all")
    post = blog.json("post", "show", "1")
    names = [name for name in former if name not in ("version", "updated_at")]
    assert [post[name] for name in names] == [former[name] for name in names]


def test_revert_all_uses_present_name_of_renamed_tag(blog: Cli) -> None:
    blog.ok("tag", "rename", "py", "python")
    blog.ok("post", "update", "1", "--set-tags", "")
    blog.ok("post", "revert", "1", "--to", "5", "--all")
    assert blog.json("post", "show", "1")["tags"] == ["python"]


def test_revert_with_dry_run_changes_nothing(blog: Cli) -> None:
    before = blog.json("post", "show", "1")
    result = blog.ok("post", "revert", "1", "--to", "3", "--all", "--dry-run")
    assert result.stderr.startswith("Would revert post 1 (hello-world)")
    assert blog.json("post", "show", "1") == before
    assert len(history(blog)) == 3


def test_revert_to_present_version_changes_nothing(blog: Cli) -> None:
    assert blog.ok("post", "revert", "1", "--to", "5", "--all").stderr == "Nothing to do: 1 post unchanged.\n"
    assert len(history(blog)) == 3


def test_revert_of_trashed_or_purged_post_names_command(blog: Cli) -> None:
    blog.ok("post", "delete", "1")
    result = blog("post", "revert", "1", "--to", "3")
    assert (result.exit_code, result.stderr.splitlines()[1]) == (6, "Hint: Run `blogcli post restore 1` first.")
    blog.ok("post", "delete", "1", "--purge", "--yes")
    result = blog("post", "revert", "id:1", "--to", "3")
    assert (result.exit_code, result.stderr.splitlines()) == (
        ExitCode.CONFLICT,
        ["Error: Operation 7 has purged post 1", "Hint: Run `blogcli undo 7 --post id:1` to restore it."],
    )


def test_revert_to_time_before_post_or_to_taken_slug_fails(blog: Cli) -> None:
    result = blog("post", "revert", "1", "--to", "1")
    assert (result.exit_code, result.stderr) == (6, "Error: Post 1 did not exist in this version\n")
    blog.ok("post", "update", "1", "--slug", "other")
    blog.ok("post", "create", "--title", "Hello world", "--author", "ann@example.org")
    assert "is taken by post 2" in blog("post", "revert", "1", "--to", "5", "--all").stderr
    blog.ok("post", "revert", "1", "--to", "3")


@pytest.mark.stress
@pytest.mark.untraced
def test_long_content_is_reverted_and_compared(blog: Cli) -> None:
    paragraph = "Words of a line that is repeated.\n\n"
    text = "".join(f"{number} {paragraph}" for number in range(250_000 if IS_FULL else 25_000))
    blog.ok("post", "create", "--title", "Long", "--author", "ann@example.org", "-", stdin=text)
    blog.ok("post", "update", "2", "--file", "-", stdin=text.replace("1000 Words", "1000 Other words"))
    blog.ok("post", "update", "2", "--file", "-", stdin=text)
    assert [version["same_as"] for version in history(blog, "2")] == [6, None, None]
    lines = blog.ok("post", "diff", "2", "--word-diff").lines
    assert "1000 [-Other words-]{+Words+} of a line that is repeated." in lines
    blog.ok("post", "revert", "2", "--to", "-1")
    assert "1000 Other words" in blog.ok("post", "show", "2", "--raw").stdout
