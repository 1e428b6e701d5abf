"""Tests that commands work through a connection pooler like PgBouncer in transaction mode."""

from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.everyday_commands import READING_COMMANDS, WRITING_COMMANDS
from tests.postgresql_proxies import PoolingProxy

UNAVAILABLE = 69
MIGRATIONS = (("db", "downgrade", "-1", "--yes"), ("db", "upgrade"))


@pytest.mark.untraced
@pytest.mark.postgresql
def test_commands_work_through_pooler_in_transaction_mode(postgres_url: str, tmp_path: Path) -> None:
    with PoolingProxy(postgres_url) as proxy:
        cli = Cli(environment(proxy.url(), tmp_path) | {"BLOGCLI_STATEMENT_TIMEOUT": "60"})
        cli.ok("db", "upgrade")
        for command in (*WRITING_COMMANDS, *READING_COMMANDS, *MIGRATIONS):
            cli.ok(*command)
        batch = "post create --title Three --author ann@example.org\npost publish three\n"
        cli.ok("batch", "--atomic", "-", stdin=batch)
        cli.ok("import", "jsonl", "-", stdin=cli.ok("export", "jsonl").stdout)
        assert proxy.transactions > 50
        assert proxy.session_state() == []
        result = cli("post", "list", BLOGCLI_DATABASE_URL=proxy.url("sslmode=disable&lock_timeout=5s"))
    assert (result.exit_code, result.stdout) == (UNAVAILABLE, "")
    assert "unsupported startup parameter: lock_timeout" in result.stderr
