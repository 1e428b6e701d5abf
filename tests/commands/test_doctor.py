"""Tests of `blogcli doctor`."""

import asyncio
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from blogcli.repositories.db import health
from blogcli.repositories.db.version_table import UNFINISHED_COPY
from tests.command_line import Cli, environment
from tests.databases import execute


def findings_of(cli: Cli, *options: str | int, **variables: str) -> dict[str, dict[str, Any]]:
    """Return the findings by code, without the settings, and check that the exit code agrees with their levels."""
    result = cli("doctor", *options, "--format", "json", stdin="", terminal=False, **variables)
    assert result.exit_code == (1 if any(finding["level"] != "ok" for finding in result.json) else 0), result.stderr
    assert all(list(finding) == ["code", "level", "text", "repair"] for finding in result.json)
    assert all(finding["repair"] for finding in result.json if finding["level"] == "warning")
    return {finding["code"]: finding for finding in result.json}


def repairs_of(cli: Cli, *options: str | int, **variables: str) -> dict[str, str | None]:
    """Return the repairs of the findings that are not in order, by code."""
    findings = findings_of(cli, *options, **variables).items()
    return {code: finding["repair"] for code, finding in findings if finding["level"] != "ok"}


@pytest.fixture
def private_cli(cli: Cli, engine_name: str) -> Cli:
    """Return the command line for a database without posts that only its owner can read."""
    if engine_name == "sqlite":
        Path(cli.url).chmod(0o600)
    return cli


def test_doctor_finds_nothing_wrong_with_new_database(private_cli: Cli, engine_name: str) -> None:
    result = private_cli.ok("doctor")
    assert result.stderr == "No problems found.\n"
    codes = {line.split("\t")[0] for line in result.lines}
    common = {"setting", "connection", "revision", "lock", "clock", "statistics", "backup"}
    assert codes == common | ({"mode", "disk", "wal"} if engine_name == "sqlite" else set())


def test_doctor_prints_settings_with_sources_and_without_passwords(private_cli: Cli) -> None:
    url = "postgresql://ann:secret@localhost:1/blog"
    result = private_cli("doctor", "--database-url", url, BLOGCLI_AUTHOR="ann@example.org")
    assert "database_url: postgresql://ann:***@localhost:1/blog (from --database-url)" in result.stdout
    assert "author: ann@example.org (from BLOGCLI_AUTHOR)" in result.stdout
    assert "secret" not in result.stdout + result.stderr


def test_doctor_reports_unusable_databases(private_cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database " * 100)
    (tmp_path / "notes.txt").chmod(0o600)
    for url, code, text in (
        (tmp_path / "missing.db", "connection", "There is no database"),
        (tmp_path / "notes.txt", "connection", "is not a SQLite database"),
        ("postgresql://localhost:1/blog", "connection", "cannot be reached"),
        ("mysql://localhost/blog", "configuration", "Unsupported database"),
    ):
        finding = findings_of(private_cli, "--database-url", str(url))[code]
        assert (finding["level"], text in finding["text"]) == ("error", True)
        assert finding["repair"]


def test_doctor_reports_invalid_configuration(private_cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[defaults]\n")
    for options in (("--config", str(tmp_path / "bad.toml")), ("--config", "none.toml"), ("--profile", "none")):
        assert list(repairs_of(private_cli, *options)) == ["configuration"]
    finding = findings_of(private_cli, BLOGCLI_TIMEZONE="Mars/Base")["configuration"]
    assert (finding["level"], finding["text"]) == ("error", "Unknown time zone: 'Mars/Base'")


def test_doctor_reports_older_revision(private_cli: Cli) -> None:
    execute(private_cli.url, "UPDATE blogcli_version SET version_num = '0001'")
    assert repairs_of(private_cli) == {"revision": "blogcli db upgrade"}


@pytest.mark.parametrize(
    ("revision", "text", "repair"),
    [
        (UNFINISHED_COPY, "unfinished copy of a blog", "Repeat the `blogcli db copy` to finish it."),
        ("9999", "at revision 9999, which is newer than this blogcli", "Install a newer blogcli."),
    ],
)
def test_doctor_does_not_advise_upgrade_that_is_refused(
    private_cli: Cli, revision: str, text: str, repair: str
) -> None:
    execute(private_cli.url, f"UPDATE blogcli_version SET version_num = '{revision}'")  # noqa: S608 - the value is constant
    finding = findings_of(private_cli)["revision"]
    assert (finding["level"], text in finding["text"], finding["repair"]) == ("error", True, repair)


def test_doctor_reports_missing_record_of_revision(private_cli: Cli) -> None:
    private_cli.ok("db", "stamp", "base", "--yes")
    assert "Record it with `blogcli db stamp REVISION`" in str(repairs_of(private_cli)["revision"])


def test_doctor_reports_old_and_missing_backups(private_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    private_cli.ok("db", "seed", "--posts", 2)
    assert repairs_of(private_cli) == {"backup": "blogcli db backup"}
    private_cli.ok("db", "backup")
    assert repairs_of(private_cli) == {}
    monkeypatch.setattr("blogcli.services.doctor.environment._MAX_BACKUP_AGE", timedelta())
    assert repairs_of(private_cli) == {"backup": "blogcli db backup"}
    assert findings_of(private_cli)["backup"]["text"].startswith("The newest backup is 0 days old: ")


@pytest.mark.parametrize(("name", "reason"), [("a" * 300, "File name too long"), ("file", "Not a directory")])
def test_doctor_reports_unreadable_folder_of_backups(private_cli: Cli, tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / name
    codes = findings_of(private_cli).keys()
    findings = findings_of(private_cli, BLOGCLI_BACKUP_FOLDER=str(folder))
    assert findings.keys() == codes
    assert findings["backup"]["text"] == f"Cannot read {folder}: {reason}"
    assert {code for code, finding in findings.items() if finding["level"] != "ok"} == {"backup"}


def test_doctor_reports_backup_from_future(private_cli: Cli, tmp_path: Path) -> None:
    private_cli.ok("db", "seed", "--posts", 2)
    file = tmp_path / "later.blogcli"
    private_cli.ok("db", "backup", file)
    content = re.sub(rb'"created_at":"[^"]+"', b'"created_at":"2999-03-01T12:00:00Z"', file.read_bytes(), count=1)
    file.write_bytes(content)
    findings = findings_of(private_cli, BLOGCLI_BACKUP_FOLDER=str(tmp_path))
    assert findings["backup"]["text"] == f"The newest backup is from the future, 2999-03-01 12:00 UTC: {file}"
    assert findings["backup"]["level"] == "warning"


def test_doctor_ignores_backups_of_other_blogs(private_cli: Cli, tmp_path: Path) -> None:
    private_cli.ok("db", "seed", "--posts", 2)
    private_cli.ok("db", "backup")
    execute(private_cli.url, "UPDATE blog SET uuid = '00000000-0000-0000-0000-000000000001'")
    finding = findings_of(private_cli)["backup"]
    assert finding["text"].startswith("There is no backup of this blog in ")


def test_doctor_reports_missing_statistics(private_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.services.doctor.database._MIN_POSTS", 0)
    private_cli.ok("db", "seed", "--posts", 2)
    assert repairs_of(private_cli)["statistics"] == "blogcli db optimize"
    private_cli.ok("db", "optimize")
    assert "statistics" not in repairs_of(private_cli)


@pytest.mark.parametrize(("hours", "state"), [(1, "behind"), (-1, "ahead")])
def test_doctor_compares_clock_with_server(
    private_cli: Cli, monkeypatch: pytest.MonkeyPatch, hours: int, state: str
) -> None:
    async def fetch_server_time(_connection: object) -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    monkeypatch.setattr(health, "fetch_server_time", fetch_server_time)
    finding = findings_of(private_cli)["clock"]
    assert re.fullmatch(rf"The clock is 3,[56]\d\d seconds {state}", finding["text"])
    assert (finding["level"], finding["repair"]) == ("warning", "timedatectl set-ntp true")


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_doctor_ignores_times_in_journal_of_server(private_cli: Cli) -> None:
    private_cli.ok("tag", "create", "x")
    execute(private_cli.url, "UPDATE journal_operations SET ended_at = '2999-01-01'")
    assert repairs_of(private_cli) == {}


@pytest.fixture
def sqlite_cli(private_cli: Cli, engine_name: str) -> Cli:
    assert engine_name == "sqlite"
    return private_cli


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doctor_reports_clock_that_is_behind_journal(sqlite_cli: Cli) -> None:
    sqlite_cli.ok("tag", "create", "x")
    execute(sqlite_cli.url, "UPDATE journal_operations SET ended_at = '2999-01-01T00:00:00.000000Z'")
    assert repairs_of(sqlite_cli) == {"clock": "timedatectl set-ntp true"}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doctor_advises_chmod_only_for_regular_files(sqlite_cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    for url in (folder, "/dev/null"):
        findings = findings_of(sqlite_cli, "--database-url", str(url), "--config", "/dev/null")
        assert findings.keys() & {"mode", "config"} == set()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doctor_reports_path_that_is_too_long(sqlite_cli: Cli) -> None:
    findings = findings_of(sqlite_cli, "--database-url", "a" * 300)
    assert findings.keys() == {"setting", "connection"}
    assert (findings["connection"]["level"], "File name too long" in findings["connection"]["text"]) == ("error", True)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doctor_reports_rights_of_other_users(sqlite_cli: Cli, tmp_path: Path) -> None:
    Path(sqlite_cli.url).chmod(0o644)
    assert repairs_of(sqlite_cli) == {"mode": f"chmod go= {sqlite_cli.url}"}
    Path(sqlite_cli.url).chmod(0o600)
    config = tmp_path / "config.toml"
    config.touch(mode=0o640)
    config.chmod(0o640)
    assert repairs_of(sqlite_cli, "--config", str(config))["config"] == f"chmod go= {config}"


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doctor_reports_writer_and_long_log(sqlite_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.services.doctor.database._MAX_WAL_BYTES", 0)
    connection = sqlite3.connect(sqlite_cli.url, isolation_level=None)
    connection.execute("UPDATE tags SET name = name")
    connection.execute("CREATE TABLE x (y)")
    connection.execute("BEGIN IMMEDIATE")
    repairs = repairs_of(sqlite_cli)
    connection.close()
    assert (set(repairs), repairs["wal"]) == ({"lock", "wal"}, "blogcli db optimize")


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_doctor_reports_full_disk(sqlite_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1_000}))
    finding = findings_of(sqlite_cli)["disk"]
    assert (finding["level"], finding["text"].startswith("1,000 bytes are free")) == ("error", True)


@pytest.mark.postgresql
def test_doctor_reports_database_without_tables(postgres_url: str, tmp_path: Path) -> None:
    assert findings_of(Cli(environment(postgres_url, tmp_path)))["revision"]["repair"] == "blogcli db upgrade"


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_doctor_names_session_that_holds_locks(private_cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.services.doctor.database._MAX_LOCK_SECONDS", -1)
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(private_cli.url))
        process = connection.get_server_pid()
        runner.run(connection.execute("BEGIN; LOCK TABLE tags IN ROW EXCLUSIVE MODE"))
        finding = findings_of(private_cli)["lock"]
        runner.run(connection.close())
    assert re.search(rf"\(process {process}\) has held locks for \d+ seconds$", finding["text"])
    assert finding["repair"] == f"psql -c 'SELECT pg_terminate_backend({process})'"


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_doctor_does_not_wait_for_locked_table(private_cli: Cli) -> None:
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(private_cli.url))
        runner.run(connection.execute("BEGIN; LOCK TABLE posts, journal_operations"))
        findings = findings_of(private_cli)
        process = connection.get_server_pid()
        runner.run(connection.close())
    assert findings["lock"]["text"].endswith("seconds, and other processes cannot read a table")
    assert findings["lock"]["repair"] == f"psql -c 'SELECT pg_terminate_backend({process})'"
    assert findings.keys() == {"setting", "connection", "revision", "lock"}
