"""Tests that invalid arguments of `blogcli db` cause documented exit codes and short errors, and no changes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blogcli.database import revisions
from blogcli.services.db import migration
from tests.command_line import Cli, Result, environment
from tests.databases import Templates, fetch

TOP = Path(__file__).parents[2]
REVISIONS = (
    *(
        "0001-01-01",
        "+0",
        "-0",
        "+1",
        "-1",
        "+99999",
        "-99",
        "+",
        "-",
        "--",
        ":",
        "::",
        "a:",
        ":a",
        "head:base",
        "base:head",
    ),
    *(
        "0002:0001",
        "0001:0001",
        "+1:head",
        "head:+1",
        "head+1",
        "head@base",
        "*",
        "%s",
        "x y",
        " ",
        " 0001",
        "1",
        "00001",
    ),
    *("ÿ", "４", "0001\n", "0001\0", "\ud800", "'", "a" * 5_000, "heads", "current", "None", "${1}"),
)
VERBS = (
    ("upgrade", "--dry-run"),
    ("upgrade", "--sql"),
    ("downgrade", "--yes", "--dry-run"),
    ("stamp", "--yes", "--dry-run"),
)


def assert_documented(result: Result, arguments: object) -> None:
    """Assert that a command succeeded, or that it failed with a documented exit code and a short error."""
    assert result.exit_code in {0, 2, 78}, (arguments, result.stderr)
    assert "Unexpected" not in result.stderr, (arguments, result.stderr)
    if result.exit_code:
        assert result.stdout == "", arguments
        assert result.stderr.startswith("Error: "), arguments
        assert result.stderr.count("\n") <= 2, (arguments, result.stderr)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_revision_that_is_unusual_changes_nothing(cli: Cli, database_url: str, verb: tuple[str, ...]) -> None:
    for revision in REVISIONS:
        assert_documented(cli("db", *verb, "--", revision), revision)
    assert cli("db", *verb, "--", "").exit_code == 2
    assert fetch(database_url, "SELECT version_num FROM blogcli_version") == [(revisions.head_revision(),)]


@given(st.text(max_size=12), st.sampled_from(VERBS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_revision_of_random_text_is_handled(
    templates: Templates, tmp_path: Path, revision: str, verb: tuple[str, ...]
) -> None:
    path = tmp_path / "blog.db"
    if not path.exists():
        templates.new_sqlite(tmp_path)
    assert_documented(Cli(environment(str(path), tmp_path))("db", *verb, "--", revision), (verb, revision))


def test_target_in_wrong_direction_hints_at_other_command(cli: Cli) -> None:
    result = cli("db", "upgrade", "0002")
    assert (result.exit_code, "Hint: Run `blogcli db downgrade 0002` to downgrade it." in result.stderr) == (2, True)
    cli.ok("db", "downgrade", "0002", "--yes")
    result = cli("db", "downgrade", "0003", "--yes")
    assert (result.exit_code, "Hint: Run `blogcli db upgrade 0003` to upgrade it." in result.stderr) == (2, True)
    assert cli.ok("db", "upgrade", "+1").lines == ["0003"]
    assert cli.ok("db", "downgrade", "-2", "--yes").lines == ["0003", "0002"]
    assert cli.ok("db", "stamp", "+1", "--yes").lines == ["0002"]


def test_upgrade_sql_of_range_contains_its_migrations_only(cli: Cli) -> None:
    sql = cli.ok("db", "upgrade", "--sql", "0001:0002").stdout
    assert "-- Running upgrade 0001 -> 0002" in sql
    assert "0002 -> 0003" not in sql
    assert "INSERT INTO blogcli_version (version_num) SELECT version_num FROM alembic_version" in sql
    assert cli.ok("db", "upgrade", "--sql", "base:0001").stdout == cli.ok("db", "upgrade", "--sql", "0001").stdout
    assert cli.ok("db", "upgrade", "--sql", "0002:0002").stdout == ""


@pytest.mark.parametrize("option", ["--posts", "--users", "--tags", "--seed"])
@pytest.mark.parametrize(
    "number", [10**9, 10**30, -(10**30), int("9" * 4_000)], ids=lambda number: f"{len(str(number))}"
)
def test_seed_number_out_of_range_is_refused(cli: Cli, option: str, number: int) -> None:
    result = cli("db", "seed", option, number, "--dry-run", "--posts" if option != "--posts" else "--users", 1)
    if option == "--seed" and number == 10**9:
        assert result.exit_code == 0
    else:
        assert (result.exit_code, result.stdout) == (2, "")
    assert_documented(result, number)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a checkout that contains only the migrations, make `db revision` write to it, and return its path."""
    home = tmp_path / "checkout"
    shutil.copytree(TOP / "migrations", home / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("alembic.ini", "pyproject.toml"):
        shutil.copy(TOP / name, home)
    for module in (migration, revisions):
        monkeypatch.setattr(module, "migrations_home", lambda: home)
    return home


def test_revision_is_numbered_by_position_in_chain(cli: Cli, checkout: Path) -> None:
    number = len(revisions.revision_chain())
    for autogenerate in ((), ("--autogenerate",), ()):
        number += 1
        path = Path(cli.ok("db", "revision", "-m", "my change", *autogenerate).stdout.strip())
        assert path == checkout / "migrations" / "versions" / f"{number:04}_my_change.py"
        assert cli("post", "list").exit_code == 78
        assert cli.ok("db", "upgrade").lines == [f"{number:04}"]
        assert cli.ok("post", "list").stdout == ""
    assert cli.ok("db", "heads", "--field", "revision").stdout == f"{number:04}\n"


def test_revision_of_alembic_command_is_numbered(cli: Cli, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    for name in ("migrations", "blogcli"):
        shutil.copytree(TOP / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "alembic.ini", home)
    command = [sys.executable, "-m", "alembic", "revision", "-m", "my change"]
    subprocess.run(command, cwd=home, env=cli.environ | {"PYTHONPATH": str(home)}, check=True, capture_output=True)
    number = f"{len(revisions.revision_chain()) + 1:04}"
    assert (home / "migrations" / "versions" / f"{number}_my_change.py").is_file()


def test_revision_message_that_breaks_file_is_refused(cli: Cli, checkout: Path) -> None:
    files = sorted((checkout / "migrations" / "versions").glob("*.py"))
    for message in ("", " ", "///", "a\nb", 'a """ b', "a \\", "a\0b", "\ud800", "a\x1b[1m"):
        result = cli("db", "revision", "-m", message)
        assert (result.exit_code, result.stdout) == (2, ""), message
    assert sorted((checkout / "migrations" / "versions").glob("*.py")) == files
    cli.ok("db", "revision", "-m", f"say \"hi\" to 'Ünï' ${{1}} % {{x}} {'long ' * 100}")
    cli.ok("db", "upgrade")


def test_revision_in_installed_copy_is_refused(cli: Cli, checkout: Path) -> None:
    (checkout / "pyproject.toml").unlink()
    result = cli("db", "revision", "-m", "my change")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Hint: Clone the repository" in result.stderr
    assert not list(checkout.rglob("*my_change.py"))
