"""Tests of commands that use a PostgreSQL role with few rights, or a schema other than `public`."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates, execute, fetch
from tests.everyday_commands import READING_COMMANDS, WRITING_COMMANDS

FAILED = 1


@pytest.fixture
def role(templates: Templates, postgres_url: str) -> Iterator[str]:
    """Create a role without rights that uses the schema `blog`, and remove the role after the test."""
    name = f"blogcli_{uuid4().hex}"
    templates.execute(f"CREATE ROLE {name} LOGIN", f"ALTER ROLE {name} SET search_path = blog")
    yield name
    execute(postgres_url, f"DROP OWNED BY {name}")
    templates.execute(f"DROP ROLE {name}")


def cli_as(role: str, url: str, home: Path) -> Cli:
    parts = urlsplit(url)
    netloc = f"{role}@{parts.netloc.rpartition('@')[2]}"
    return Cli(environment(urlunsplit(parts._replace(netloc=netloc)), home))


def assert_denied(cli: Cli, *arguments: str, text: str) -> None:
    result = cli(*arguments)
    assert (result.exit_code, result.stdout) == (FAILED, ""), result.stderr
    error, hint = result.stderr.splitlines()
    assert error.startswith("Error: PostgreSQL denied the permission: ")
    assert error.endswith("; nothing was changed")
    assert text in hint


@pytest.mark.untraced
@pytest.mark.postgresql
def test_role_without_ddl_rights_runs_everyday_commands_in_own_schema(
    role: str, postgres_url: str, tmp_path: Path
) -> None:
    separator = "&" if "?" in postgres_url else "?"
    owner = Cli(environment(f"{postgres_url}{separator}options=-csearch_path%3Dblog", tmp_path))
    cli = cli_as(role, postgres_url, tmp_path)
    execute(postgres_url, f"CREATE SCHEMA blog; GRANT USAGE ON SCHEMA blog TO {role}")
    assert_denied(cli, "db", "upgrade", text="CREATE on the schema")
    owner.ok("db", "upgrade")
    execute(
        postgres_url,
        f"""GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA blog TO {role};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA blog TO {role}""",
    )
    for command in (*WRITING_COMMANDS, *READING_COMMANDS):
        cli.ok(*command)
    assert_denied(cli, "db", "downgrade", "-1", "--yes", text="owner of the tables")
    assert cli.json("db", "check") == []
    assert fetch(postgres_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


@pytest.mark.untraced
@pytest.mark.postgresql
def test_role_that_can_only_read_is_refused_to_write(role: str, postgres_url: str, tmp_path: Path) -> None:
    execute(postgres_url, "CREATE SCHEMA blog")
    separator = "&" if "?" in postgres_url else "?"
    owner = Cli(environment(f"{postgres_url}{separator}options=-csearch_path%3Dblog", tmp_path))
    owner.ok("db", "upgrade")
    owner.ok("db", "seed", "--posts", "2")
    execute(postgres_url, f"GRANT USAGE ON SCHEMA blog TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA blog TO {role}")
    cli = cli_as(role, postgres_url, tmp_path)
    for command in READING_COMMANDS:
        cli.ok(*command)
    for command in (("tag", "create", "new"), ("post", "publish", "--all"), ("db", "reindex"), ("undo", "1", "--yes")):
        assert_denied(cli, *command, text="Grant the role SELECT, INSERT, UPDATE and DELETE on the tables")
