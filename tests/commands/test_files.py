"""Files that are written whole or not at all, in the place that is meant."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from blogcli.commands.files import replacing
from blogcli.errors import UsageError


def write(target: Path, content: bytes = b"new", *, private: bool = False) -> None:
    with replacing(target, private=private) as file:
        file.write(content)


def mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.parametrize(("private", "mode"), [(False, 0o640), (True, 0o600)])
def test_the_mode_stays_unless_the_file_is_private(tmp_path: Path, private: bool, mode: int) -> None:
    target = tmp_path / "file"
    target.touch(mode=0o640)
    target.chmod(0o640)
    write(target, private=private)
    assert mode_of(target) == mode


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write(tmp_path / "pipe")
    reader.join()
    assert read == [b"new"]
    assert (tmp_path / "pipe").is_fifo()


def test_a_link_that_leads_nowhere_becomes_a_file(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    write(tmp_path / "loop")
    assert (tmp_path / "loop").read_bytes() == b"new"


def test_a_file_that_is_open_is_added_to(tmp_path: Path) -> None:
    with (tmp_path / "file").open("ab") as opened:
        opened.write(b"old, ")
        opened.flush()
        write(Path(f"/dev/fd/{opened.fileno()}"))
    assert (tmp_path / "file").read_bytes() == b"old, new"


def test_a_database_is_never_replaced(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "blog.db")
    connection.execute("CREATE TABLE posts (id)")
    connection.close()
    before = (tmp_path / "blog.db").read_bytes()
    with pytest.raises(UsageError, match="it is a database"):
        write(tmp_path / "blog.db")
    assert (tmp_path / "blog.db").read_bytes() == before


def test_what_fails_leaves_the_old_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(TypeError), replacing(tmp_path / "file") as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


@pytest.mark.parametrize("name", ["", "missing/file"])
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="Cannot write"):
        write(tmp_path / name)
