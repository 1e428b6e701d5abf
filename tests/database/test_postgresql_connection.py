"""Tests of commits whose outcome is unknown, of lost connections, and of time limits."""

import asyncio
import re
import shlex
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from blogcli.database.postgresql_connection import connect
from blogcli.repositories.journal.recording import IDENTIFY_ON_POSTGRESQL
from blogcli.urls import PostgresUrl, parse_database_url
from tests.command_line import Cli, Result, environment
from tests.databases import Templates
from tests.postgresql_proxies import Cut, CuttingProxy, Proxy

DONE, NOT_FOUND, UNAVAILABLE, TRY_AGAIN = 0, 5, 69, 75
UNKNOWN = "The outcome of the commit is unknown"

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database_url(templates: Templates, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a new migrated PostgreSQL database."""
    url = templates.new("postgresql", tmp_path)
    yield url
    templates.drop(url)


@pytest.fixture
def cli(database_url: str, tmp_path: Path) -> Cli:
    return Cli(environment(database_url, tmp_path))


def run_through(proxy: Proxy, cli: Cli, *arguments: str, stdin: str = "", statement_timeout: str = "0") -> Result:
    """Run a command that fails because of the proxy."""
    variables = {"BLOGCLI_DATABASE_URL": proxy.url(), "BLOGCLI_STATEMENT_TIMEOUT": statement_timeout}
    result = cli(*arguments, stdin=stdin, terminal=False, **variables)
    assert result.exit_code == TRY_AGAIN, result.stderr
    return result


def show_unknown_operation(cli: Cli, result: Result) -> Result:
    """Run the command that the hint about an unknown outcome names."""
    assert UNKNOWN in result.stderr
    match = re.search(r"Hint: Run `blogcli (log show [^`]*)`", result.stderr)
    assert match, result.stderr
    return cli(*shlex.split(match[1]))


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER])
@pytest.mark.parametrize("is_batch", [False, True])
def test_log_show_tells_outcome_of_commit_without_answer(cli: Cli, cut: Cut, is_batch: bool) -> None:
    cli.ok("tag", "create", "first")
    arguments = ("batch", "--atomic", "-") if is_batch else ("tag", "create", "python")
    with CuttingProxy(cli.url, b"COMMIT", cut) as proxy:
        result = run_through(proxy, cli, *arguments, stdin="tag create python\n" if is_batch else "")
    assert "the server did not confirm operation 2\n" in result.stderr
    assert ("python" in cli.ok("tag", "list").stdout) == (cut is Cut.AFTER)
    shown = show_unknown_operation(cli, result)
    assert shown.exit_code == (DONE if cut is Cut.AFTER else NOT_FOUND), shown.stderr
    assert ("python" in shown.stdout) == (cut is Cut.AFTER)


def test_operation_with_reused_id_is_another_operation(cli: Cli) -> None:
    with CuttingProxy(cli.url, b"COMMIT", Cut.BEFORE) as proxy:
        result = run_through(proxy, cli, "tag", "create", "lost")
    # After a failover, the sequence of the new primary can return ids again.
    asyncio.run(run_statement(cli.url, "SELECT setval('journal_operations_id_seq', 1, false)"))
    cli.ok("tag", "create", "other")
    assert "other" in cli.ok("log", "show", "1").stdout
    shown = show_unknown_operation(cli, result)
    assert (shown.exit_code, shown.stdout) == (NOT_FOUND, "")
    assert re.match(r"Error: No such operation: 1 that started at \d{4}-", shown.stderr)
    (started_at,) = cli.ok("log", "--field", "started_at").lines
    assert "other" in cli.ok("log", "show", "1", "--started-at", started_at).stdout
    assert cli("log", "show", "1", "--started-at", "nonsense").exit_code == 2


async def run_statement(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


def test_operation_in_progress_is_not_said_to_be_missing(cli: Cli) -> None:
    with asyncio.Runner() as runner:
        other = runner.run(asyncpg.connect(cli.url))
        runner.run(other.execute("BEGIN; INSERT INTO tags (name, key) VALUES ('a', 'a')"))
        id_, *_ = runner.run(other.fetchrow(IDENTIFY_ON_POSTGRESQL))
        result = cli("log", "show", id_)
        assert (result.exit_code, result.stdout) == (TRY_AGAIN, "")
        assert f"Operation {id_} does not exist, but it may still be in progress" in result.stderr
        runner.run(other.execute("COMMIT"))
        cli.ok("log", "show", id_)
        runner.run(other.close())


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER])
def test_commit_of_migration_without_answer_is_unknown(cli: Cli, cut: Cut) -> None:
    cli.ok("db", "downgrade", "-1", "--yes")
    before = cli.ok("db", "status", "--field", "revision").stdout
    with CuttingProxy(cli.url, b"COMMIT", cut) as proxy:
        result = run_through(proxy, cli, "db", "upgrade")
    assert UNKNOWN in result.stderr
    assert (cli.ok("db", "status", "--field", "revision").stdout != before) == (cut is Cut.AFTER)


@pytest.mark.parametrize("word", [b"BEGIN", b"INSERT INTO tags", b"operation_id"])
def test_connection_lost_before_commit_changes_nothing(cli: Cli, word: bytes) -> None:
    with CuttingProxy(cli.url, word, Cut.BEFORE) as proxy:
        result = run_through(proxy, cli, "tag", "create", "python")
    assert "The connection to PostgreSQL was lost: " in result.stderr
    assert "; nothing was changed\nHint: Run the command again.\n" in result.stderr
    assert cli.ok("tag", "list").stdout == ""


def test_commit_that_takes_too_long_is_unknown(cli: Cli) -> None:
    with CuttingProxy(cli.url, b"COMMIT", Cut.SILENCE) as proxy:
        result = run_through(proxy, cli, "tag", "create", "python", statement_timeout="0.2")
    assert "python" in show_unknown_operation(cli, result).stdout


def test_statement_timeout_ends_statement(cli: Cli) -> None:
    with asyncio.Runner() as runner:
        other = runner.run(asyncpg.connect(cli.url))
        runner.run(other.execute("BEGIN; LOCK TABLE tags"))
        for arguments in (("tag", "list"), ("tag", "create", "python")):
            result = cli(*arguments, BLOGCLI_STATEMENT_TIMEOUT="0.05")
            assert (result.exit_code, result.stdout) == (TRY_AGAIN, "")
            assert "statement timeout; nothing was changed\n" in result.stderr
            assert "increase statement_timeout" in result.stderr
        runner.run(other.close())
    cli.ok("tag", "create", "python", BLOGCLI_STATEMENT_TIMEOUT="20")


@pytest.mark.parametrize(
    ("query", "statement_timeout", "expected"),
    [("", None, "0"), ("", 1.5, "1500ms"), ("&statement_timeout=9s", 1.5, "9s")],
)
async def test_statement_timeout_comes_from_settings_or_url(
    database_url: str, query: str, statement_timeout: float | None, expected: str
) -> None:
    separator = "" if "?" in database_url or not query else "?"
    url = parse_database_url(f"{database_url}{separator}{query}")
    assert isinstance(url, PostgresUrl)
    connection = await connect(url, timeout=5, statement_timeout=statement_timeout)
    async with connection.transaction():
        assert await connection.fetchval("SHOW statement_timeout", timeout=5) == expected
    await connection.close()


def test_connect_timeout_of_settings_limits_each_host(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        cli = Cli(environment(f"postgresql://127.0.0.1:{silent.getsockname()[1]}/blog", tmp_path))
        start = time.monotonic()
        result = cli("tag", "list", BLOGCLI_CONNECT_TIMEOUT="0.1")
        assert time.monotonic() - start < 8
    assert (result.exit_code, result.stdout) == (UNAVAILABLE, "")
    assert "cannot be reached" in result.stderr


async def test_connection_detects_server_that_does_not_react(database_url: str) -> None:
    with Proxy(database_url) as proxy:
        url = parse_database_url(proxy.url())
        assert isinstance(url, PostgresUrl)
        connection = await connect(url, timeout=5)
        tcp_socket = connection._transport.get_extra_info("socket")  # noqa: SLF001 - asyncpg offers no other way
        assert tcp_socket.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        # The server is given up after about a minute. macOS lacks some of the options.
        expected = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}
        options = {name: getattr(socket, name) for name in expected if hasattr(socket, name)}
        assert options
        for name, option in options.items():
            assert tcp_socket.getsockopt(socket.IPPROTO_TCP, option) == expected[name], name
        await connection.close()
