"""Tests of `blogcli log prune` and `blogcli log forget`."""

from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Make a blog by six operations."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "Secret", "--author", "ann@example.org", "--tag", "a", "--content", "secret")
    cli.ok("post", "create", "--title", "Other", "--author", "ann@example.org")
    cli.ok("post", "update", "secret", "--title", "Public", "--content", "public")
    cli.ok("post", "publish", "secret", "other")
    cli.ok("user", "update", "ann@example.org", "--full-name", "Ann")


def operations_of(cli: Cli) -> list[int]:
    return [operation["id"] for operation in cli.json("log")]


def make_older(cli: Cli, last_id: int, time: str = "2024-05-31T16:00:00.000000Z") -> None:
    execute(cli.url, f"UPDATE journal_operations SET ended_at = '{time}' WHERE id <= {last_id}")  # noqa: S608 - the values are constants


def test_prune_keeps_newest_operations(blog: Cli) -> None:
    (part,) = blog.json("log", "prune", "--keep", 2, "--yes")
    assert (part["operations"], part["changes"]) == (4, 6)
    assert part["size"] > 0
    assert operations_of(blog) == [6, 5]
    assert fetch(blog.url, "SELECT min(operation_id), count(*) FROM journal_changes") == [(5, 3)]
    blog.ok("undo", 6, "--yes")
    assert operations_of(blog)[1:] == [6, 5]


@pytest.mark.parametrize(
    ("keep", "left"), [("90d", [6, 5, 4]), ("12w", [6, 5, 4]), ("36h", [6, 5, 4]), ("99999d", [6, 5, 4, 3, 2, 1])]
)
def test_prune_deletes_operations_before_age(blog: Cli, keep: str, left: list[int]) -> None:
    make_older(blog, 3)
    blog.ok("log", "prune", "--keep", keep, "--yes")
    assert operations_of(blog) == left


def test_prune_of_everything_leaves_no_operation(blog: Cli) -> None:
    assert blog.ok("log", "prune", "--keep", 0, "--yes").stdout == "6\n"
    assert fetch(blog.url, "SELECT count(*) FROM journal_operations") == [(0,)]
    assert fetch(blog.url, "SELECT count(*) FROM journal_changes") == [(0,)]
    result = blog.ok("log", "prune", "--keep", 0, "--yes")
    assert result.stderr == "Nothing to do.\n"
    blog.ok("tag", "create", "b")
    # The ids of deleted operations are not used again.
    assert operations_of(blog)[0] >= 7


def test_prune_dry_run_changes_nothing(blog: Cli) -> None:
    result = blog.ok("log", "prune", "--keep", 1, "--dry-run")
    assert result.stdout == "5\n"
    assert result.stderr.startswith("Would delete 5 operations with 8 changes (about ")
    assert operations_of(blog) == [6, 5, 4, 3, 2, 1]


def test_prune_asks_for_confirmation(blog: Cli) -> None:
    assert "Add --yes." in blog("log", "prune", "--keep", 1).stderr
    result = blog("log", "prune", "--keep", 1, stdin="n\n", terminal=True)
    assert "Delete 5 operations with 8 changes (about " in result.stderr
    assert "Not confirmed" in result.stderr
    assert operations_of(blog) == [6, 5, 4, 3, 2, 1]
    result = blog("log", "prune", "--keep", 1, stdin="y\n", terminal=True)
    assert result.exit_code == 0
    assert "Deleted 5 operations with 8 changes" in result.stderr
    assert operations_of(blog) == [6]


@pytest.mark.parametrize("keep", ["x", "-1", "90 days", "1.5d", "90y", "1000000000000", "", "९०d"])
def test_prune_refuses_invalid_retention(blog: Cli, keep: str) -> None:
    assert blog("log", "prune", "--keep", keep, "--yes").exit_code == 2
    assert blog("log", "prune", "--yes").exit_code == 2


def test_forget_erases_values_of_post(blog: Cli) -> None:
    (erased,) = blog.json("log", "forget", "--post", "secret", "--yes")
    assert [erased[name] for name in ("noun", "id", "operations", "changes")] == ["post", 1, 2, 2]
    was = "SELECT count(*) FROM journal_changes WHERE table_no = 2 AND row_id = 1 AND was IS NOT NULL"
    assert fetch(blog.url, was) == [(0,)]
    operations = {operation["id"]: operation for operation in blog.json("log")}
    assert {id_: operation["forgotten"] for id_, operation in operations.items()} == {
        1: 0,
        2: 0,
        3: 0,
        4: 1,
        5: 1,
        6: 0,
    }
    assert {id_: operations[id_]["command"] for id_ in (2, 4, 5)} == {
        2: "post create",
        4: "post update",
        5: "post publish",
    }
    assert operations[3]["command"] == "post create --title Other --author ann@example.org"
    assert blog.json("post", "show", 1)["title"] == "Public"


def test_forgotten_operation_cannot_be_undone_whole(blog: Cli) -> None:
    blog.ok("log", "forget", "--post", 1, "--yes")
    result = blog("undo", 5, "--yes")
    assert result.exit_code == 6
    assert "erased" in result.stderr
    blog.ok("undo", 5, "--post", "other", "--yes")
    assert blog.json("post", "show", "other")["status"] == "draft"
    assert blog.json("post", "show", 1)["status"] == "published"


def test_log_shows_that_values_were_erased(blog: Cli) -> None:
    blog.ok("log", "forget", "--post", 1, "--yes")
    lines = blog("log", "show", 4, "--no-pager", terminal=True, NO_COLOR="1").lines
    assert lines[-2:] == ["  the former values of 1 change were erased", "  post 1 (secret)  former values were erased"]
    (change,) = blog.json("log", "show", 4)
    assert (change["from"], change["to"]) == (None, {})


def test_forget_erases_values_of_purged_post(blog: Cli) -> None:
    blog.ok("post", "delete", "secret", "--purge", "--yes")
    assert blog.ok("log", "forget", "--post", "secret", "--dry-run").stdout == "3\n"
    blog.ok("log", "forget", "--post", "secret", "--yes")
    assert blog("log", "--post", "secret").exit_code == 5
    assert blog.ok("log", "--post", "id:1", "--format", "count").stdout == "4\n"
    blog.ok("log", "forget", "--post", 1, "--yes")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_forgotten_text_is_not_in_file(blog: Cli) -> None:
    blog.ok("post", "update", 1, "--content", "none", "--title", "None", "--slug", "none")
    blog.ok("post", "update", 1, "--excerpt", "xyzzy")
    blog.ok("post", "update", 1, "--excerpt", "")
    blog.ok("log", "forget", "--post", 1, "--yes")
    execute(blog.url, "PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"xyzzy" not in Path(blog.url).read_bytes()


def test_forget_erases_values_of_user(blog: Cli) -> None:
    assert blog.ok("log", "forget", "--user", "ann@example.org", "--yes").stdout == "1\n"
    was = "SELECT count(*) FROM journal_changes WHERE table_no = 1 AND was IS NOT NULL"
    assert fetch(blog.url, was) == [(0,)]
    commands = [operation["command"] for operation in blog.json("log", "--user", 1)]
    assert commands == ["user update", "user create"]


def test_forget_is_no_operation(blog: Cli) -> None:
    blog.ok("log", "forget", "--post", 1, "--yes")
    assert operations_of(blog) == [6, 5, 4, 3, 2, 1]


def test_forget_dry_run_changes_nothing(blog: Cli) -> None:
    result = blog.ok("log", "forget", "--post", 1, "--dry-run")
    assert result.stderr.startswith("Would erase the former values in 2 changes of post 1 by 2 operations (about ")
    assert [operation["forgotten"] for operation in blog.json("log")] == [0] * 6


def test_forget_asks_for_confirmation(blog: Cli) -> None:
    result = blog("log", "forget", "--post", 1, stdin="n\n", terminal=True)
    assert "Erase the former values in 2 changes of post 1 by 2 operations (about " in result.stderr
    assert [operation["forgotten"] for operation in blog.json("log")] == [0] * 6


@pytest.mark.parametrize(
    ("arguments", "code"),
    [((), 2), (("--post", "1", "--user", "1"), 2), (("--post", "missing"), 5), (("--user", "77"), 5)],
)
def test_forget_refuses_invalid_options(blog: Cli, arguments: tuple[str, ...], code: int) -> None:
    assert blog("log", "forget", *arguments, "--yes").exit_code == code
