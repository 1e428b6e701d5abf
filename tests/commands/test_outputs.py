"""Folders that are written to: what is there and the same stays, what others wrote is left alone."""

import os
from pathlib import Path

import pytest

from blogcli.commands.outputs import Written, write_folder
from blogcli.errors import UsageError

FILES = [("a.md", "---\nuuid: 1\n---\nA"), ("deep/b.md", "---\nuuid: 2\n---\nB")]


def write(target: Path, *files: tuple[str, str], delete: bool = False, dry_run: bool = False) -> Written:
    return write_folder(target, files, are_all=True, delete=delete, dry_run=dry_run)


def counts(written: Written) -> tuple[int, int, int]:
    return written.new, written.changed, written.unchanged


def test_files_are_written_once_and_again_only_if_they_differ(tmp_path: Path) -> None:
    target = tmp_path / "site"
    assert counts(write(target, *FILES)) == (2, 0, 0)
    os.utime(target / "a.md", (0, 0))
    assert counts(write(target, FILES[0], ("deep/b.md", "new"))) == (0, 1, 1)
    assert (target / "a.md").stat().st_mtime == 0
    assert (target / "deep" / "b.md").read_text() == "new"
    assert sorted(path.name for path in target.rglob("*")) == ["a.md", "b.md", "deep"]


def test_a_dry_run_counts_and_writes_nothing(tmp_path: Path) -> None:
    write(tmp_path, *FILES)
    written = write(tmp_path, ("a.md", "other"), ("c.md", "new"), delete=True, dry_run=True)
    assert (counts(written), written.stale) == ((1, 1, 0), [tmp_path / "deep" / "b.md"])
    assert (tmp_path / "a.md").read_text() == FILES[0][1]
    assert not (tmp_path / "c.md").exists()


@pytest.mark.parametrize("delete", [True, False])
def test_only_files_that_were_exported_are_stale(tmp_path: Path, delete: bool) -> None:
    write(tmp_path, *FILES)
    (tmp_path / "mine.md").write_text("---\ntitle: Mine\n---\n")
    (tmp_path / "about.txt").write_text("---\nuuid: 3\n---\n")
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    written = write(tmp_path, FILES[0], delete=delete)
    assert written.stale == [tmp_path / "deep" / "b.md"]
    assert (tmp_path / "deep" / "b.md").exists() is not delete
    assert all((tmp_path / name).exists() for name in ("mine.md", "about.txt", "link.md", "a.md"))


def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside, target = tmp_path / "outside", tmp_path / "site"
    outside.mkdir()
    target.mkdir()
    (target / "deep").symlink_to(outside)
    with pytest.raises(UsageError, match="outside"):
        write(target, *FILES)
    assert not list(outside.iterdir())


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "deep").write_text("a file")
    with pytest.raises(UsageError, match="deep"):
        write(tmp_path, *FILES)
