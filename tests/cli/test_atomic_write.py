"""Tests that files are written atomically, and that protected targets are not overwritten."""

import errno
import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blogcli.cli.atomic_write import remove_stale_files, replace_file
from blogcli.errors import BlogError, ExitCode, UsageError
from tests.subprocesses import TOP


def write(target: Path, content: bytes = b"new", *, private: bool = False) -> None:
    with replace_file(target, private=private) as file:
        file.write(content)


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.parametrize(("private", "mode"), [(False, 0o640), (True, 0o600)])
def test_mode_is_kept_unless_file_is_private(tmp_path: Path, private: bool, mode: int) -> None:
    target = tmp_path / "file"
    target.touch(mode=0o640)
    target.chmod(0o640)
    write(target, private=private)
    assert mode_of(target) == mode


def test_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write(tmp_path / "pipe")
    reader.join()
    assert received == [b"new"]
    assert (tmp_path / "pipe").is_fifo()


def test_link_to_itself_is_replaced_by_file(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    write(tmp_path / "loop")
    assert (tmp_path / "loop").read_bytes() == b"new"


def test_open_file_descriptor_is_appended_to(tmp_path: Path) -> None:
    with (tmp_path / "file").open("ab") as opened:
        opened.write(b"old, ")
        opened.flush()
        write(Path(f"/dev/fd/{opened.fileno()}"))
    assert (tmp_path / "file").read_bytes() == b"old, new"


def test_database_is_not_replaced(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "blog.db")
    connection.execute("CREATE TABLE posts (id)")
    connection.close()
    content = (tmp_path / "blog.db").read_bytes()
    with pytest.raises(UsageError, match="it is a database"):
        write(tmp_path / "blog.db")
    assert (tmp_path / "blog.db").read_bytes() == content


@pytest.mark.parametrize("companion", ["-wal", "-shm", "-journal"])
@pytest.mark.parametrize("exists", [True, False])
def test_companion_file_of_database_is_not_written(tmp_path: Path, companion: str, exists: bool) -> None:
    connection = sqlite3.connect(tmp_path / "blog.db")
    connection.execute("CREATE TABLE posts (id)")
    connection.close()
    target = tmp_path / f"blog.db{companion}"
    if exists:
        target.write_bytes(b"old")
    (tmp_path / "link").symlink_to(target)
    for path in (target, tmp_path / "link"):
        with pytest.raises(UsageError, match="belongs to the database"):
            write(path)
    assert target.exists() == exists
    write(tmp_path / f"other{companion}")


def test_file_is_synchronized_before_it_replaces_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []
    sync = os.fsync
    replace = os.replace

    def record_sync(descriptor: int) -> None:
        events.append("folder" if Path(f"/dev/fd/{descriptor}").is_dir() else "file")
        sync(descriptor)

    def record_replace(path: Path, target: Path, **folders: int | None) -> None:
        events.append("replace")
        replace(path, target, **folders)

    monkeypatch.setattr(os, "fsync", record_sync)
    monkeypatch.setattr(os, "replace", record_replace)
    write(tmp_path / "file")
    assert events == ["file", "replace", "folder"]


WRITER = """
import os, sys
from pathlib import Path
from blogcli.cli.atomic_write import replace_file
with replace_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    if sys.argv[2] == "killed":
        os.kill(os.getpid(), 9)
    print("open", flush=True)
    sys.stdin.read()
"""


def writer(target: Path, action: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", WRITER, str(target), action]
    return subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_stale_files_are_removed_but_files_in_use_are_not(tmp_path: Path) -> None:
    with writer(tmp_path / "b", "waits") as running:
        assert running.stdout
        assert running.stdout.readline() == b"open\n"
        # The process to kill is started second. If it were started first, the start of the other process would remove
        # the stale file.
        with writer(tmp_path / "a", "killed") as killed:
            assert killed.wait() == -9
        others = [".blogcli-0123456789abcdeg", ".blogcli-notes", "x.blogcli-0123456789abcdef"]
        for name in others:
            (tmp_path / name).touch()
        (tmp_path / ".blogcli-0123456789abcdef").symlink_to(tmp_path / others[0])
        os.mkfifo(tmp_path / ".blogcli-0123456789abcde0")
        previous_count = len(list(tmp_path.iterdir()))
        write(tmp_path / "c")
        # The number of files is unchanged, because `write` removes the file of the killed process and adds a new file.
        assert len(list(tmp_path.iterdir())) == previous_count
        running.communicate()
    assert running.returncode == 0
    assert (tmp_path / "b").read_bytes() == b"half"
    other_types = {".blogcli-0123456789abcdef", ".blogcli-0123456789abcde0"}
    assert {path.name for path in tmp_path.iterdir()} == {"b", "c", *others, *other_types}
    remove_stale_files(tmp_path / "missing")


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ExitCode.FAILED), (errno.EDQUOT, ExitCode.FAILED), (errno.EIO, ExitCode.FAILED),
        (errno.EFBIG, ExitCode.FAILED), (errno.EACCES, ExitCode.USAGE), (errno.EROFS, ExitCode.USAGE),
    ],
)  # fmt: skip
def test_exit_code_distinguishes_system_errors_from_unusable_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: ExitCode
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BlogError, match=os.strerror(number)) as caught:
        write(tmp_path / "file")
    assert caught.value.exit_code == code
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_failed_write_keeps_old_content_and_leaves_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(TypeError), replace_file(tmp_path / "file") as file:
        file.writelines([b"half", None])  # type: ignore[list-item]  # None makes the write fail
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize("name", ["", "missing/file"])
def test_target_that_cannot_be_written_raises_usage_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="Cannot write"):
        write(tmp_path / name)
