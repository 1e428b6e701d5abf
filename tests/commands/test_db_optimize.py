"""Tests of `blogcli db optimize`."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.databases import execute, fetch

FIELDS = ["size_before", "size_after", "wal_before", "wal_after", "unused"]


def test_optimize_collects_statistics_and_keeps_content(cli: Cli, engine_name: str) -> None:
    cli.ok("db", "seed", "--posts", 20)
    hits = cli.ok("post", "search", "python", "--format", "ids").stdout
    (result,) = cli.json("db", "optimize")
    assert list(result) == FIELDS
    assert result["size_before"] > 0
    statistics = {
        "sqlite": "SELECT count(*) > 0 FROM sqlite_stat1 WHERE tbl = 'posts'",
        "postgresql": "SELECT reltuples > 0 FROM pg_class WHERE relname = 'posts'",
    }
    assert fetch(cli.url, statistics[engine_name]) == [(True,)]
    assert cli.ok("post", "search", "python", "--format", "ids").stdout == hits
    assert cli.json("db", "check", "--full") == []


def test_vacuum_releases_space_of_deleted_posts(cli: Cli, engine_name: str) -> None:
    cli.ok("db", "seed", "--posts", 30)
    cli.ok("post", "delete", "--all", "--purge", "--yes")
    cli.ok("log", "prune", "--keep", 0, "--yes")
    content = "SELECT pg_relation_size('posts') + pg_relation_size('journal_changes')"
    if engine_name == "postgresql":
        # So few deleted posts do not make the server vacuum the table by itself.
        assert fetch(cli.url, content)[0][0] > 0
    (result,) = cli.json("db", "optimize", "--vacuum")
    if engine_name == "sqlite":
        assert result["size_after"] < result["size_before"]
        assert (result["unused"], result["wal_after"]) == (0, 0)
    else:
        assert fetch(cli.url, content) == [(0,)]
    assert cli.json("db", "check", "--full") == []


def test_dry_run_of_optimize_changes_nothing(cli: Cli, engine_name: str) -> None:
    result = cli.ok("db", "optimize", "--vacuum", "--dry-run")
    assert result.stderr.startswith("Would optimize ")
    assert result.stdout.strip().isdecimal()
    if engine_name == "sqlite":
        assert fetch(cli.url, "SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_stat1'") == [(0,)]
    else:
        assert fetch(cli.url, "SELECT reltuples FROM pg_class WHERE relname = 'blog'") == [(-1,)]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_optimize_merges_search_index_and_truncates_log(cli: Cli) -> None:
    # The open connection keeps SQLite from truncating the log when a command closes its connection.
    with closing(sqlite3.connect(cli.url)) as idle:
        idle.execute("SELECT count(*) FROM posts").fetchall()
        for number in range(8):
            cli.ok("db", "seed", "--posts", 2, "--seed", number, "--force")
        (result,) = cli.json("db", "optimize")
        assert result["wal_before"] > 0
        assert result["wal_after"] == 0
        assert Path(f"{cli.url}-wal").stat().st_size == 0
    segments = fetch(cli.url, "SELECT count(DISTINCT segid) FROM post_search_idx")
    assert segments == [(1,)]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_vacuum_without_space_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_usage(_path: object) -> Any:
        return type("Usage", (), {"free": 10})

    monkeypatch.setattr("shutil.disk_usage", disk_usage)
    result = cli("db", "optimize", "--vacuum")
    assert (result.exit_code, "but only 10 bytes are free" in result.stderr) == (1, True)
    cli.ok("db", "optimize")


def test_optimize_refuses_older_revision(cli: Cli) -> None:
    execute(cli.url, "UPDATE blogcli_version SET version_num = '0001'")
    assert cli("db", "optimize").exit_code == 78
