"""Tests that backups, restores and copies never overwrite or remove files and databases that are not theirs."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from blogcli.errors import ExitCode
from tests.command_line import Cli, environment
from tests.commands.db_contents import dump
from tests.databases import Templates, execute, fetch
from tests.snapshots import cli_snapshot

TABLE_OF_OTHER_PROGRAM = "CREATE TABLE orders (id integer)"


@cli_snapshot
def blog(cli: Cli) -> None:
    cli.ok("db", "seed", "--posts", 2, "--users", 1, "--tags", 1)


@pytest.fixture
def backup(blog: Cli, tmp_path: Path) -> Path:
    dump(blog, tmp_path / "backup.blogcli")
    return tmp_path / "backup.blogcli"


@pytest.mark.parametrize("options", [(), ("--yes",), ("--yes", "--no-backup"), ("--dry-run",)])
def test_restore_refuses_database_of_other_program(
    blog: Cli, backup: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    other = tmp_path / "other.db"
    execute(str(other), TABLE_OF_OTHER_PROGRAM)
    result = Cli(blog.environ | {"BLOGCLI_DATABASE_URL": str(other)})("db", "restore", backup, *options)
    assert result.exit_code == ExitCode.CONFIGURATION
    assert "The database belongs to another program" in result.stderr
    assert fetch(str(other), "SELECT count(*) FROM orders") == [(0,)]


@pytest.mark.parametrize("options", [("--yes",), ("--yes", "--no-backup"), ("--dry-run",)])
@pytest.mark.parametrize(
    "change", ["DELETE FROM blogcli_version", "UPDATE blogcli_version SET version_num = 'unfinished copy'"]
)
def test_restore_refuses_blog_whose_revision_is_not_known(
    blog: Cli, backup: Path, options: tuple[str, ...], change: str
) -> None:
    execute(blog.url, "UPDATE posts SET title = 'precious'")
    execute(blog.url, change)
    result = blog("db", "restore", backup, *options)
    assert result.exit_code == ExitCode.CONFIGURATION
    assert fetch(blog.url, "SELECT DISTINCT title FROM posts") == [("precious",)]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_keep_never_removes_the_database(blog: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "live"
    folder.mkdir()
    database = folder / "blog.native.db"
    Path(blog.url).rename(database)
    cli = Cli(blog.environ | {"BLOGCLI_DATABASE_URL": str(database)})
    cli.ok("db", "backup", folder / "blog.blogcli.gz", SOURCE_DATE_EPOCH="0")
    unrelated = folder / "blog.db"
    unrelated.write_text("notes")
    result = cli.ok("db", "backup", folder, "--keep", "1")
    assert result.stderr.splitlines()[0] == f"Removed {folder / 'blog.blogcli.gz'}."
    assert unrelated.read_text() == "notes"
    assert cli.ok("post", "list", "--format", "count").stdout == "2\n"


def test_keep_names_every_removed_file(blog: Cli, tmp_path: Path) -> None:
    blog.ok("db", "backup", tmp_path / "a.blogcli.gz", SOURCE_DATE_EPOCH="0")
    (tmp_path / "a.native.dump").write_text("x")
    names = [tmp_path / "a.blogcli.gz", tmp_path / "a.native.dump"]
    result = blog.ok("db", "backup", tmp_path, "--keep", "1", "--dry-run")
    assert result.stderr.splitlines()[:-1] == [f"Would remove {name}." for name in names]
    result = blog.ok("db", "backup", tmp_path, "--keep", "1")
    assert result.stderr.splitlines()[:-1] == [f"Removed {name}." for name in names]


def test_keep_never_removes_the_new_backup(blog: Cli, tmp_path: Path) -> None:
    future = blog.ok("db", "backup", tmp_path, SOURCE_DATE_EPOCH="4000000000").lines[0]
    new = blog.ok("db", "backup", tmp_path, "--keep", "1").lines[0]
    assert sorted(str(path) for path in tmp_path.glob("*.gz")) == sorted([future, new])


def test_backups_at_the_same_time_have_different_names(blog: Cli, tmp_path: Path) -> None:
    names = {blog.ok("db", "backup", tmp_path, SOURCE_DATE_EPOCH="0").lines[0] for _ in range(3)}
    assert len(names) == len(list(tmp_path.glob("*.blogcli.gz"))) == 3


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_native_copy_is_replaced_but_no_other_file(blog: Cli, tmp_path: Path) -> None:
    target, copy = tmp_path / "a.blogcli", tmp_path / "a.native.db"
    blog.ok("db", "backup", target, "--native")
    execute(blog.url, "UPDATE posts SET title = 'new'")
    blog.ok("db", "backup", target, "--native")
    assert fetch(str(copy), "SELECT DISTINCT title FROM posts") == [("new",)]
    before = target.read_bytes()
    copy.write_text("notes")
    result = blog("db", "backup", target, "--native")
    assert (result.exit_code, f"{copy} exists and is not a native copy" in result.stderr) == (ExitCode.CONFLICT, True)
    assert (target.read_bytes(), copy.read_text()) == (before, "notes")
    blog.ok("db", "backup", target, "--native", "--force")
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE used (a)")
        result = blog("db", "backup", target, "--native", "--force")
    assert (result.exit_code, "is a database that is in use" in result.stderr) == (ExitCode.CONFLICT, True)


def test_dry_run_of_backup_writes_nothing(blog: Cli, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for target in ((), ("--keep", "1"), ("-",), (home / "x.blogcli",), (home,)):
        result = blog.ok("db", "backup", *target, "--dry-run", HOME=str(home))
        assert "blogcli_backup" not in result.stdout
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("target", ["missing/x.gz", "folder-is-no-folder/x.gz"])
def test_dry_run_of_backup_fails_like_the_backup(blog: Cli, tmp_path: Path, target: str) -> None:
    (tmp_path / "folder-is-no-folder").write_text("x")
    results = [blog("db", "backup", tmp_path / target, *options) for options in ((), ("--dry-run",))]
    assert results[0].exit_code == results[1].exit_code == ExitCode.USAGE
    assert results[0].stderr == results[1].stderr


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_backup_does_not_replace_the_database(blog: Cli, options: tuple[str, ...]) -> None:
    result = blog("db", "backup", blog.url, "--force", *options)
    assert (result.exit_code, "it is a database" in result.stderr) == (ExitCode.USAGE, True)


def test_name_of_profile_is_made_a_file_name(blog: Cli, tmp_path: Path) -> None:
    for profile, prefix in (("../../up", "up-"), ("a/b", "a-b-"), ("x" * 240, "x" * 60 + "-"), ("...", "blog-")):
        config = tmp_path / "config.toml"
        config.write_text(f'[profiles."{profile}"]\ndatabase_url = "{blog.url}"\n')
        options = ("--config", config, "--profile", profile)
        cli = Cli({name: value for name, value in blog.environ.items() if name != "BLOGCLI_DATABASE_URL"})
        path = Path(cli.ok(*options, "db", "backup").lines[0])
        assert path.parent == tmp_path / ".local/share/blogcli/backups"
        assert path.name.startswith(prefix)


def test_name_that_is_not_utf_8_is_printed(blog: Cli, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.blogcli"))
    for command in (("db", "backup", path), ("db", "verify", path), ("db", "backups", tmp_path)):
        result = blog.ok(*command, "--format", "json")
        assert "bad\ufffd.blogcli" in result.stdout


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page_size", [512, 1_024, 65_536])
def test_restore_keeps_size_of_pages(blog: Cli, backup: Path, tmp_path: Path, page_size: int) -> None:
    script = f"PRAGMA journal_mode = DELETE; PRAGMA page_size = {page_size}; VACUUM; PRAGMA journal_mode = WAL"
    execute(blog.url, script)
    execute(blog.url, "UPDATE posts SET title = 'changed'")
    blog.ok("db", "restore", backup, "--yes")
    assert fetch(blog.url, "PRAGMA page_size") == [(page_size,)]
    assert dump(blog, tmp_path / "again") == backup.read_bytes()


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_restore_waits_for_reader_of_database_without_wal(blog: Cli, backup: Path) -> None:
    execute(blog.url, "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(blog.url, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM posts").fetchone()
        result = blog("db", "restore", backup, "--yes", BLOGCLI_BUSY_TIMEOUT="0.2")
    assert (result.exit_code, f"Error: {blog.url} is locked" in result.stderr) == (ExitCode.TRY_AGAIN, True)


def test_restore_from_pipe_is_refused(blog: Cli, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "-"):
        for command in ("restore", "verify"):
            result = blog("db", command, path)
            assert (result.exit_code, f"Cannot read {path}: it is not a file" in result.stderr) == (2, True)


def test_copy_to_the_same_database_is_refused(cli: Cli, engine_name: str, tmp_path: Path) -> None:
    targets = [cli.url]
    if engine_name == "sqlite":
        (tmp_path / "link.db").symlink_to(cli.url)
        (tmp_path / "hard.db").hardlink_to(cli.url)
        targets += [str(tmp_path / "link.db"), str(tmp_path / "hard.db"), f"sqlite:///{cli.url}"]
    for target in targets:
        result = cli("db", "copy", "--to", target)
        assert (result.exit_code, "The target is the database itself" in result.stderr) == (2, True)
    assert cli.json("db", "check") == []


def test_output_that_cannot_be_printed_is_refused_before_the_command_runs(
    cli: Cli, templates: Templates, tmp_path: Path
) -> None:
    assert cli("tag", "create", "x", "--fields", "id,nope").exit_code == ExitCode.USAGE
    assert cli("tag", "create", "x", "--field", "nope").exit_code == ExitCode.USAGE
    assert cli.ok("tag", "list").stdout == ""
    assert cli("db", "backup", tmp_path / "x", "--format", "ids").exit_code == ExitCode.USAGE
    assert not (tmp_path / "x").exists()
    (tmp_path / "copy").mkdir()
    target = Cli(environment(templates.new_sqlite(tmp_path / "copy"), tmp_path))
    cli.ok("tag", "create", "y")
    assert cli("db", "copy", "--to", target.url, "--format", "ids").exit_code == ExitCode.USAGE
    assert target.ok("tag", "list").stdout == ""
