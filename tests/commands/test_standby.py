"""Tests of commands on a standby of PostgreSQL, and of URLs that name several servers."""

from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.databases import fetch
from tests.everyday_commands import READING_COMMANDS, WRITING_COMMANDS
from tests.postgresql_cluster import Cluster

DONE, NOT_FOUND, TRY_AGAIN, CONFIGURATION = 0, 5, 75, 78
REFUSED_COMMANDS = (
    ("tag", "create", "new"),
    ("post", "publish", "--all"),
    ("post", "publish", "--all", "--dry-run"),
    ("undo", "3", "--yes"),
    ("db", "downgrade", "-1", "--yes"),
    ("db", "seed", "--force"),
    ("db", "reindex"),
)


def assert_fails(cli: Cli, code: int, text: str, *arguments: str) -> None:
    result = cli(*arguments)
    assert (result.exit_code, result.stdout) == (code, ""), (arguments, result.stderr)
    error, hint = result.stderr.splitlines()
    assert text in error
    assert error.startswith("Error: ")
    assert hint.startswith("Hint: ")


@pytest.mark.untraced
@pytest.mark.postgresql
def test_commands_on_standby_and_on_several_servers(tmp_path: Path) -> None:
    with Cluster() as cluster:

        def cli_on(*names: str, query: str = "") -> Cli:
            return Cli(environment(cluster.url(*names, query=query), tmp_path))

        standby = cli_on("two")
        # The first server of these URLs is the standby, so a command that writes must skip it.
        several = cli_on("two", "one")
        prefers_standby = cli_on("one", "two", query="&target_session_attrs=prefer-standby")
        several.ok("db", "upgrade")
        for command in WRITING_COMMANDS[:4]:
            several.ok(*command)
        for reading in READING_COMMANDS:
            standby.ok(*reading)
        for refused in REFUSED_COMMANDS:
            assert_fails(standby, CONFIGURATION, "is a standby or is read-only; nothing was changed", *refused)
        assert standby("log", "show", "1").exit_code == DONE
        assert_fails(
            standby, TRY_AGAIN, "Operation 99 does not exist, but it may still be in progress", "log", "show", "99"
        )
        assert several("log", "show", "99", BLOGCLI_DATABASE_URL=cluster.url("one")).exit_code == NOT_FOUND
        assert several("log", "show", "99", "--started-at", "2026-11-27T12:00:00Z").exit_code == NOT_FOUND
        prefers_standby.ok("tag", "create", "second")
        several.ok("batch", "-", stdin="tag create third\ntag list\n")
        assert "second" in prefers_standby.ok("tag", "list", "--field", "name").stdout
        cluster.kill("one")
        for cli in (several, prefers_standby):
            assert "third" in cli.ok("tag", "list", "--field", "name").stdout
            assert_fails(
                cli, TRY_AGAIN, "has the role that the command needs; nothing was changed", "tag", "create", "x"
            )
        cluster.promote("two")
        several.ok("tag", "create", "fourth")
        assert fetch(
            cluster.url("two"), "SELECT count(*) FROM tags WHERE name IN ('second', 'third', 'fourth', 'x')"
        ) == [(3,)]
