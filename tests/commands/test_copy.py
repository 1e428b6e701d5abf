"""Tests of `db copy`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from blogcli.errors import ExitCode
from blogcli.repositories.transfer import writing
from blogcli.repositories.transfer.reading import Values
from blogcli.repositories.transfer.tables import TransferTable
from blogcli.services.db import copy
from tests.command_line import Cli, environment
from tests.commands.db_contents import dump, fill, is_sound
from tests.databases import Templates, execute, fetch
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    fill(cli)


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write one row in each transaction of a copy, and make the copy fail in the middle of the posts."""
    monkeypatch.setattr(copy, "_TRANSACTION_ROWS", 1)
    write_rows = writing.write_rows

    async def fail_in_middle(connection: object, table: TransferTable, rows: list[Values]) -> None:
        if table.name == "posts" and rows[0][0] > 3:
            raise OSError(5, "the cable was pulled")
        await write_rows(connection, table, rows)  # type: ignore[arg-type]  # only this function uses the connection

    monkeypatch.setattr(writing, "write_rows", fail_in_middle)


def record_rows(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return a list to which the table and the values of each row are added after a copy has written the row."""
    recorded: list[tuple[str, str]] = []
    write_rows = writing.write_rows

    async def write_and_record(connection: AsyncConnection, table: TransferTable, rows: Sequence[Values]) -> None:
        await write_rows(connection, table, rows)
        recorded.extend((table.name, repr(tuple(row))) for row in rows)

    monkeypatch.setattr(writing, "write_rows", write_and_record)
    return recorded


def test_copy_to_other_engine_and_back_is_identical(blog: Cli, other_cli: Cli, tmp_path: Path) -> None:
    content = dump(blog, tmp_path / "first")
    result = blog.ok("db", "copy", "--to", other_cli.url)
    assert result.stderr.startswith("Copied 5 posts, 1 user, 4 tags and the journal (")
    assert dump(other_cli, tmp_path / "second") == content
    assert is_sound(other_cli)
    back = Cli(environment(str(tmp_path / "back.db"), tmp_path))
    other_cli.ok("db", "copy", "--to", back.url)
    assert dump(back, tmp_path / "third") == content
    assert is_sound(back)


def test_copy_is_a_working_blog(blog: Cli, other_cli: Cli) -> None:
    blog.ok("db", "copy", "--to", other_cli.url)
    assert other_cli.ok("post", "search", "words", "--sort", "id", "--format", "ids").lines == ["2", "3"]
    assert other_cli.ok("post", "create", "--title", "New", "--author", "1", "--content", "").lines == ["7"]
    newest = other_cli.json("log", "--limit", "1")[0]
    assert newest["command"].startswith("post create")
    other_cli.ok("undo", str(newest["id"]))


def test_dry_run_checks_target_without_changing_it(blog: Cli, other_cli: Cli, tmp_path: Path) -> None:
    before = dump(other_cli, tmp_path / "before")
    result = blog.ok("db", "copy", "--to", other_cli.url, "--dry-run")
    assert result.stderr.startswith("Would copy 5 posts")
    assert dump(other_cli, tmp_path / "after") == before
    blog.ok("db", "copy", "--to", tmp_path / "new.db", "--dry-run")
    assert not (tmp_path / "new.db").exists()
    other_cli.ok("tag", "create", "mine")
    assert blog("db", "copy", "--to", other_cli.url, "--dry-run").exit_code == ExitCode.CONFLICT


@pytest.mark.usefixtures("interrupted")
def test_interrupted_copy_is_not_usable(blog: Cli, other_cli: Cli) -> None:
    assert blog("db", "copy", "--to", other_cli.url).exit_code != 0
    assert fetch(other_cli.url, "SELECT count(*) FROM posts") == [(3,)]
    for command in (("post", "list"), ("db", "upgrade"), ("db", "backup", "-"), ("db", "downgrade", "base", "--yes")):
        result = other_cli(*command)
        assert result.exit_code == ExitCode.CONFIGURATION, command
        assert "unfinished copy" in result.stderr
    assert other_cli("db", "check", "--format", "json").json[0]["repair"] == "Repeat the `blogcli db copy` to finish it"


def test_interrupted_copy_is_continued(
    blog: Cli, other_cli: Cli, tmp_path: Path, interrupted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_rows = record_rows(monkeypatch)
    assert blog("db", "copy", "--to", other_cli.url).exit_code != 0
    monkeypatch.undo()
    users = fetch(other_cli.url, "SELECT count(*) FROM users")
    execute(other_cli.url, "UPDATE posts SET version = version")
    other_rows = record_rows(monkeypatch)
    blog.ok("db", "copy", "--to", other_cli.url)
    assert users == [(1,)]
    assert [name for name, _ in first_rows].count("posts") == 3
    assert [name for name, _ in other_rows].count("posts") == 2
    # No row is written twice.
    assert not {*first_rows} & {*other_rows}
    assert dump(other_cli, tmp_path / "copy") == dump(blog, tmp_path / "original")
    assert is_sound(other_cli)


def test_copy_of_changed_blog_is_not_continued_without_restart(
    blog: Cli, other_cli: Cli, tmp_path: Path, interrupted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert blog("db", "copy", "--to", other_cli.url).exit_code != 0
    monkeypatch.undo()
    blog.ok("post", "update", "1", "--title", "Changed meanwhile")
    result = blog("db", "copy", "--to", other_cli.url)
    assert result.exit_code == ExitCode.CONFLICT
    assert "The posts of the unfinished copy belong to an earlier state of the blog" in result.stderr
    blog.ok("db", "copy", "--to", other_cli.url, "--restart")
    assert dump(other_cli, tmp_path / "copy") == dump(blog, tmp_path / "original")


@pytest.mark.usefixtures("interrupted")
def test_unfinished_copy_of_other_blog_is_not_continued(blog: Cli, other_cli: Cli) -> None:
    assert blog("db", "copy", "--to", other_cli.url).exit_code != 0
    execute(blog.url, "UPDATE blog SET uuid = '00000000000000000000000000000001'")
    result = blog("db", "copy", "--to", other_cli.url)
    assert result.exit_code == ExitCode.CONFLICT
    assert "an unfinished copy of another blog" in result.stderr


def test_target_with_blog_is_refused(blog: Cli, other_cli: Cli) -> None:
    other_cli.ok("tag", "create", "mine")
    result = blog("db", "copy", "--to", other_cli.url)
    assert result.exit_code == ExitCode.CONFLICT
    assert "The target contains a blog" in result.stderr
    assert [tag["name"] for tag in other_cli.json("tag", "list")] == ["mine"]


def test_target_is_named_by_profile(blog: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[profiles.new]\ndatabase_url = "{tmp_path}/new.db"\n')
    assert blog.json("db", "copy", "--to-profile", "new", "--config", config)["posts"] == 5
    assert Cli(environment(f"{tmp_path}/new.db", tmp_path)).ok("post", "list", "--format", "count").lines == ["4"]


@pytest.mark.parametrize("options", [(), ("--to", "x.db", "--to-profile", "live")])
def test_exactly_one_target_is_needed(cli: Cli, options: tuple[str, ...]) -> None:
    result = cli("db", "copy", *options)
    assert result.exit_code == ExitCode.USAGE
    assert "Name one target" in result.stderr


def test_source_at_older_revision_is_refused(blog: Cli, tmp_path: Path) -> None:
    blog.ok("db", "downgrade", "-1", "--yes")
    result = blog("db", "copy", "--to", tmp_path / "new.db")
    assert result.exit_code == ExitCode.CONFIGURATION
    assert "Run `blogcli db upgrade`" in result.stderr


# A table of another program. On PostgreSQL, a database may contain such tables if their names are not those of blogcli.
FOREIGN_TABLES = {"sqlite": "theirs", "postgresql": "posts"}


@pytest.fixture
def foreign_url(engine_name: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a database on the engine under test that belongs to another program."""
    is_sqlite = engine_name == "sqlite"
    url = str(tmp_path / "foreign.db") if is_sqlite else templates.new_postgresql(template="template0")
    execute(url, f"CREATE TABLE {FOREIGN_TABLES[engine_name]} (a INTEGER)")
    yield url
    templates.drop(url)


def test_target_that_belongs_to_other_program_is_not_changed(blog: Cli, foreign_url: str, engine_name: str) -> None:
    result = blog("db", "copy", "--to", foreign_url)
    assert result.exit_code == ExitCode.CONFIGURATION
    tables = {
        "sqlite": "SELECT name FROM sqlite_schema",
        "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    }
    assert fetch(foreign_url, tables[engine_name]) == [(FOREIGN_TABLES[engine_name],)]
