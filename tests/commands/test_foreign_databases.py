"""Tests that commands neither accept nor change a database of another program or with an invalid revision."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.databases import ENGINES, execute, fetch

COMMANDS = (
    ("post", "list"),
    ("post", "create", "--title", "x", "--author", "ann@example.org"),
    ("db", "upgrade"),
    ("db", "upgrade", "--dry-run"),
    ("db", "downgrade", "base", "--yes"),
    ("db", "stamp", "head", "--yes"),
    ("db", "stamp", "base", "--yes"),
    ("db", "current"),
    ("db", "history"),
    ("db", "status"),
    ("db", "check"),
    ("db", "seed"),
    ("db", "reindex"),
)
FEW_COMMANDS = (("post", "list"), ("db", "upgrade"), ("db", "stamp", "head", "--yes"))
FOREIGN_REVISION = "INSERT INTO alembic_version VALUES ('1975ea83b712');"
FOREIGN_TABLES = "CREATE TABLE alembic_version (version_num varchar(32)); CREATE TABLE theirs (a integer);"


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database. On SQLite, the file does not exist."""
    return str(tmp_path / "blog.db") if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def contents_of(url: str) -> object:
    """Return all rows of a database, so that a test can compare them before and after a command."""
    if not url.startswith("postgres"):
        with closing(sqlite3.connect(url)) as connection:
            connection.text_factory = lambda data: data.decode(errors="surrogateescape")
            return list(connection.iterdump()), connection.execute("PRAGMA journal_mode").fetchone()
    tables = fetch(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [(name, fetch(url, f'SELECT t::text FROM "{name}" AS t')) for (name,) in tables]  # noqa: S608 - the names come from the catalog


def assert_refused(cli: Cli, url: str, text: str, commands: Iterable[tuple[str, ...]] = FEW_COMMANDS) -> None:
    """Assert that each command fails with a hint and an error that contains `text`, and changes nothing."""
    contents = contents_of(url)
    for arguments in commands:
        result = cli(*arguments)
        assert (result.exit_code, result.stdout) == (78, ""), (arguments, result.stderr)
        error, *hints = result.stderr.splitlines()
        assert text in error, arguments
        assert [hint[:6] for hint in hints] == ["Hint: "]
    assert contents_of(url) == contents


def test_foreign_database_is_refused_by_every_command(url: str, tmp_path: Path) -> None:
    execute(url, FOREIGN_TABLES + FOREIGN_REVISION)
    assert_refused(Cli(environment(url, tmp_path)), url, "alembic_version contains '1975ea83b712'", COMMANDS)


@pytest.mark.parametrize(
    ("statements", "text"),
    [
        (FOREIGN_TABLES + FOREIGN_REVISION.replace("1975ea83b712", "0001"), "alembic_version contains '0001'"),
        (FOREIGN_TABLES + FOREIGN_REVISION.replace("1975ea83b712", "0003"), "alembic_version contains '0003'"),
        (
            FOREIGN_TABLES + FOREIGN_REVISION + FOREIGN_REVISION,
            "alembic_version contains '1975ea83b712' and '1975ea83b712'",
        ),
        (FOREIGN_TABLES, "alembic_version has no row"),
        ("CREATE TABLE users (id integer, name text); INSERT INTO users VALUES (1, 'x')", "its table users is not"),
        ("CREATE TABLE tags (name text, key text)", "its table tags is not"),
        ("CREATE VIEW posts AS SELECT 1 AS id", "its table posts is not"),
        ("CREATE TABLE blogcli_version (a integer)", "its table blogcli_version is not"),
    ],
)
def test_foreign_tables_or_revision_are_refused(url: str, tmp_path: Path, statements: str, text: str) -> None:
    execute(url, statements)
    assert_refused(Cli(environment(url, tmp_path)), url, text)


def test_foreign_table_in_file_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "places.sqlite")
    execute(path, "CREATE TABLE theirs (a)")
    assert_refused(Cli(environment(path, tmp_path)), path, "its table theirs is not")


def test_two_revision_records_are_refused_by_every_command(cli: Cli, database_url: str) -> None:
    (head,) = fetch(database_url, "SELECT version_num FROM blogcli_version")[0]
    execute(database_url, "INSERT INTO blogcli_version VALUES ('0002')")
    assert_refused(cli, database_url, f"blogcli_version contains '{head}' and '0002'", COMMANDS)


@pytest.mark.parametrize("table", ["blogcli_version", "alembic_version"])
def test_invalid_revision_record_is_refused(cli: Cli, database_url: str, engine_name: str, table: str) -> None:
    is_sqlite = engine_name == "sqlite"
    # Another program may have created the table without a primary key, and the column with a different type.
    execute(
        database_url,
        f"""DROP TABLE blogcli_version;
        CREATE TABLE {table} (version_num {"" if is_sqlite else "text"});
        INSERT INTO {table} VALUES ('0003'), ('0003')""",  # noqa: S608 - the statement consists of constants
    )
    assert_refused(cli, database_url, f"{table} contains '0003' and '0003'")
    execute(database_url, f"DELETE FROM {table}; INSERT INTO {table} VALUES (NULL)")  # noqa: S608 - the statement consists of constants
    assert_refused(cli, database_url, f"{table} contains a value that is not text")
    invalid_values = [("''", "''"), ("' '", "' '"), ("'4'", "'4'"), ("'1975ea83b712'", "'1975ea83b712'")]
    if is_sqlite:
        invalid_values += [(value, "a value that is not text") for value in ("x'30303033'", "3")]
        invalid_values += [("CAST(x'ff00' AS TEXT)", "'\N{REPLACEMENT CHARACTER}\\x00'")]
        invalid_values += [("printf('%.*c', 1000000, 'a')", f"'{'a' * 64}'")]
    else:
        invalid_values += [(r"E'\u0001'", r"'\x01'"), ("repeat('a', 1000000)", f"'{'a' * 64}'")]
    for value, shown in invalid_values:
        execute(database_url, f"UPDATE {table} SET version_num = {value}")  # noqa: S608 - the statement consists of constants
        assert_refused(cli, database_url, f"{table} contains {shown}")


def test_stamp_tables_without_revision_record(cli: Cli, database_url: str) -> None:
    execute(database_url, "DROP TABLE blogcli_version")
    for arguments in (("post", "list"), ("db", "upgrade"), ("db", "downgrade", "base", "--yes")):
        result = cli(*arguments)
        assert result.exit_code == 78
        assert "no record of their revision" in result.stderr
        assert "db stamp" in result.stderr
    assert cli("db", "check").exit_code == 1
    cli.ok("db", "stamp", "head", "--yes")
    assert cli.json("db", "check") == []


def test_stamp_revision_whose_columns_are_missing_is_refused(url: str, tmp_path: Path) -> None:
    cli = Cli(environment(url, tmp_path))
    is_file = not url.startswith("postgres")
    result = cli("db", "stamp", "head", "--yes")
    assert result.exit_code == 78
    assert not (is_file and Path(url).exists())
    cli.ok("db", "upgrade", "0003")
    cli.ok("db", "stamp", "base", "--yes")
    result = cli("db", "stamp", "head", "--yes")
    assert (result.exit_code, "posts.expires_at" in result.stderr) == (78, True)
    cli.ok("db", "stamp", "0003", "--yes")
    cli.ok("db", "upgrade")
    assert cli.json("db", "check") == []


def test_dry_run_downgrade_and_stamp_create_no_file(tmp_path: Path) -> None:
    cli = Cli(environment(str(tmp_path / "new" / "blog.db"), tmp_path))
    assert cli.ok("db", "upgrade", "--dry-run").stderr.startswith("Would have upgraded ")
    for arguments in (("downgrade", "base", "--yes"), ("downgrade", "base", "--dry-run"), ("stamp", "base", "--yes")):
        result = cli("db", *arguments)
        assert (result.exit_code, "There is no database" in result.stderr) == (78, True)
    assert not (tmp_path / "new").exists()


def test_upgrade_dry_run_does_not_change_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "blog.db"
    path.touch()
    Cli(environment(str(path), tmp_path)).ok("db", "upgrade", "--dry-run")
    assert path.read_bytes() == b""


@pytest.fixture
def shared_url(postgres_url: str) -> str:
    """Return the URL of a database that contains tables of another program and an empty schema for blogcli."""
    execute(postgres_url, FOREIGN_TABLES + FOREIGN_REVISION + "CREATE SCHEMA blog")
    return postgres_url


def test_schema_of_its_own_in_foreign_database_is_accepted(shared_url: str, tmp_path: Path) -> None:
    cli = Cli(
        environment(f"{shared_url}{'&' if '?' in shared_url else '?'}options=-csearch_path%3Dblog,public", tmp_path)
    )
    cli.ok("db", "upgrade")
    cli.ok("db", "seed", "--posts", "2")
    assert cli.json("db", "check") == []
    assert fetch(shared_url, "SELECT version_num FROM alembic_version") == [("1975ea83b712",)]
    assert fetch(shared_url, "SELECT count(*) FROM blog.posts") == [(2,)]


def test_foreign_tables_added_later_are_accepted(cli: Cli, database_url: str) -> None:
    execute(database_url, FOREIGN_TABLES + FOREIGN_REVISION)
    cli.ok("db", "downgrade", "-1", "--yes")
    cli.ok("db", "upgrade")
    assert cli.json("db", "check") == []
    assert fetch(database_url, "SELECT version_num FROM alembic_version") == [("1975ea83b712",)]


def test_file_in_utf_16_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "blog.db")
    execute(path, "PRAGMA encoding = 'UTF-16le'; CREATE TABLE a (b); DROP TABLE a")
    result = Cli(environment(path, tmp_path))("db", "upgrade")
    assert (result.exit_code, "UTF-16le" in result.stderr) == (78, True)
