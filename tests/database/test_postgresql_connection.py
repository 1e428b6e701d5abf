"""Tests of commits whose outcome is unknown, of time limits, and of the choice between several hosts."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates, fetch
from tests.postgresql_proxies import Cut, CuttingProxy

TRY_AGAIN, NOT_FOUND = 75, 5
CREATE_TAG = ("tag", "create", "python")


@pytest.fixture
def database_url(templates: Templates, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a new migrated PostgreSQL database."""
    url = templates.new("postgresql", tmp_path)
    yield url
    templates.drop(url)


def command_of_hint(stderr: str) -> list[str]:
    """Return the arguments of the command that a hint names."""
    match = re.search(r"Hint: Run `blogcli (log show [^`]*)`", stderr)
    assert match, stderr
    return shlex.split(match[1])


@pytest.mark.postgresql
@pytest.mark.parametrize("cut", Cut)
def test_lost_connection_at_commit_is_unknown_and_log_show_tells_outcome(
    database_url: str, tmp_path: Path, cut: Cut
) -> None:
    cli = Cli(environment(database_url, tmp_path))
    cli.ok("tag", "create", "first")
    with CuttingProxy(database_url, b"COMMIT", cut) as proxy:
        result = cli(*CREATE_TAG, BLOGCLI_DATABASE_URL=proxy.url())
    assert (result.exit_code, result.stdout) == (TRY_AGAIN, "")
    assert "The outcome of the commit is unknown" in result.stderr
    assert "operation 2" in result.stderr
    (number,) = fetch(database_url, "SELECT count(*) FROM tags WHERE name = 'python'")[0]
    assert number == (cut is Cut.AFTER)
    shown = cli(*command_of_hint(result.stderr))
    assert shown.exit_code == (0 if cut is Cut.AFTER else NOT_FOUND), shown.stderr
    assert ("python" in shown.stdout) == (cut is Cut.AFTER)
