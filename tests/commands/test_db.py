"""Tests of `blogcli db`."""

import sqlite3
from pathlib import Path

from tests.command_line import Cli
from tests.databases import execute


def test_current_history_and_heads_of_new_database_agree(cli: Cli) -> None:
    history = cli.json("db", "history")
    (head,) = cli.json("db", "heads")
    (current,) = cli.json("db", "current")
    assert list(current) == ["revision", "down_revision", "message", "is_head", "is_current"]
    assert history[0] == current
    assert (current["is_head"], current["is_current"]) == (True, True)
    assert head["revision"] == current["revision"]
    assert history[-1]["down_revision"] is None


def test_status_counts_records_and_names_server(cli: Cli, engine_name: str) -> None:
    cli.ok("db", "seed", "--posts", 4, "--users", 2, "--tags", 3)
    status = cli.json("db", "status")
    assert list(status) == (
        ["database", "source", "revision", "head", "users", "posts", "tags", "size", "server", "round_trip"]
    )
    assert [status[name] for name in ("users", "posts", "tags")] == [2, 4, 3]
    assert status["revision"] == status["head"]
    assert status["size"] > 0
    assert status["server"].lower().startswith(engine_name)


def test_seed_repeated_changes_nothing(cli: Cli) -> None:
    seed = ("db", "seed", "--posts", 4, "--users", 2, "--tags", 3)
    assert cli.ok(*seed, "--dry-run").stderr == "Would create 4 posts, 2 users and 3 tags.\n"
    assert cli.ok("post", "list", "--format", "count").stdout == "0\n"
    assert cli.ok(*seed).stderr == "Created 4 posts, 2 users and 3 tags.\n"
    posts = cli.ok("post", "list", "--format", "json").stdout
    assert cli.ok(*seed).stderr == "Nothing to do: the sample content already exists.\n"
    assert cli.ok("post", "list", "--format", "json").stdout == posts


def test_check_new_database_finds_no_problems(cli: Cli) -> None:
    result = cli.ok("db", "check", "--format", "json")
    assert (result.json, result.stderr) == ([], "No problems found.\n")


def test_check_finds_wrong_revision(cli: Cli) -> None:
    cli.ok("db", "stamp", "base", "--yes")
    result = cli("db", "check", "--format", "json")
    assert result.exit_code == 1
    assert [problem["code"] for problem in result.json] == ["revision"]
    cli.ok("db", "stamp", "head", "--yes")
    assert cli("db", "check").exit_code == 0


def test_check_finds_missing_index(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "checked.db"
    cli.ok("--database-url", str(path), "db", "upgrade")
    with sqlite3.connect(path) as connection:
        (name,) = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql NOT NULL").fetchone()
        connection.execute(f'DROP INDEX "{name}"')
    connection.close()
    result = cli("--database-url", str(path), "db", "check", "--format", "json")
    assert result.exit_code == 1
    assert name in result.json[0]["text"]


def test_stamp_needs_confirmation_and_known_revision(cli: Cli) -> None:
    assert cli("db", "stamp", "base").exit_code == 4
    assert cli.ok("db", "stamp", "base", "--yes", "--dry-run").stderr.startswith("Would have stamped ")
    assert cli.ok("db", "stamp", "head", "--yes").stderr.startswith("Nothing to do: ")
    assert cli("db", "stamp", "9999", "--yes").exit_code == 2


def test_downgrade_and_upgrade_restore_schema(cli: Cli) -> None:
    head = cli.ok("db", "heads", "--field", "revision").stdout
    assert cli("db", "downgrade", "base").exit_code == 4
    assert cli.ok("db", "downgrade", "-1", "--dry-run").stdout == head
    assert cli.ok("db", "downgrade", "base", "--dry-run").stderr.startswith("Would have downgraded ")
    assert cli.json("db", "check") == []
    cli.ok("db", "downgrade", "base", "--yes")
    assert cli("post", "list").exit_code == 78
    assert cli.ok("db", "upgrade", "--dry-run").stderr.startswith("Would have upgraded ")
    assert cli("post", "list").exit_code == 78
    assert cli.ok("db", "upgrade").lines[-1] == head.strip()
    assert cli.ok("db", "upgrade").stderr.startswith("Nothing to do: ")
    assert cli.json("db", "check") == []


def test_upgrade_sql_creates_valid_database(cli: Cli, engine_name: str, tmp_path: Path) -> None:
    cli.ok("db", "downgrade", "base", "--yes")
    sql = cli.ok("db", "upgrade", "--sql").stdout
    assert "CREATE TABLE posts" in sql
    assert cli("post", "list").exit_code == 78
    if engine_name == "sqlite":
        path = tmp_path / "by-hand.db"
        connection = sqlite3.connect(path)
        connection.executescript(sql)
        connection.close()
        cli.ok("--database-url", str(path), "db", "check")


def test_reindex_repairs_index_that_misses_post(cli: Cli, engine_name: str, database_url: str) -> None:
    cli.ok("db", "seed", "--posts", "3")
    key = "rowid" if engine_name == "sqlite" else "post_id"
    execute(database_url, f"DELETE FROM post_search WHERE {key} = 2")  # noqa: S608 - the name of the column is a constant
    assert cli.ok("post", "search", "python", "--ids", "2").stdout == ""
    problems = cli("db", "check", "--format", "json")
    assert (problems.exit_code, [problem["code"] for problem in problems.json]) == (1, ["search"])
    assert cli.ok("db", "reindex", "--dry-run").stderr == "Would repair the search index of 1 of 3 posts.\n"
    assert cli.ok("db", "reindex").stderr == "Repaired the search index of 1 of 3 posts.\n"
    assert cli.ok("db", "reindex").stderr == "Nothing to do: the search index of all 3 posts is correct.\n"
    assert cli.json("db", "check") == []


def test_upgrade_indexes_existing_posts(cli: Cli) -> None:
    cli.ok("db", "seed", "--posts", "3")
    ids = cli.ok("post", "search", "python", "--format", "ids").lines
    assert ids
    cli.ok("db", "downgrade", "0001", "--yes")
    assert cli("post", "search", "python").exit_code == 78
    cli.ok("db", "upgrade")
    assert cli.ok("post", "search", "python", "--format", "ids").lines == ids
    assert cli.json("db", "check") == []
