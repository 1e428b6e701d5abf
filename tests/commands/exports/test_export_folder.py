"""Tests that an export to a folder skips unchanged files and files of other programs."""

import errno
import itertools
import os
import stat
from pathlib import Path

import pytest

from blogcli.commands.exports import export_folder
from blogcli.commands.exports.export_folder import FolderResult, write_folder
from blogcli.enums import Flavor
from blogcli.errors import BlogError, ExitCode, UsageError
from blogcli.interchange.markdown.owned_files import OwnedFiles


def text_of(number: int, flavor: str = "hugo") -> str:
    return f"---\nuuid: 00000000-0000-0000-0000-{number:012}\ntitle: x\nblogcli:\n  flavor: {flavor}\n---\nText"


POSTS = "content/posts"
FILES = [(f"{POSTS}/a.md", text_of(1)), (f"{POSTS}/b.md", text_of(2))]


def write(target: Path, *files: tuple[str, str], delete: bool = False, dry_run: bool = False) -> FolderResult:
    owned_files = OwnedFiles(Flavor.HUGO)
    return write_folder(target, files, owned_files=owned_files, has_all_posts=True, delete=delete, dry_run=dry_run)


def counts(result: FolderResult) -> tuple[int, int, int]:
    return result.new, result.changed, result.unchanged


def test_write_unchanged_files_are_not_written_again(tmp_path: Path) -> None:
    target = tmp_path / "site"
    assert counts(write(target, *FILES)) == (2, 0, 0)
    os.utime(target / FILES[0][0], (0, 0))
    assert counts(write(target, FILES[0], (FILES[1][0], text_of(3)))) == (0, 1, 1)
    assert (target / FILES[0][0]).stat().st_mtime == 0
    assert (target / FILES[1][0]).read_text() == text_of(3)
    assert sorted(path.name for path in target.rglob("*")) == ["a.md", "b.md", "content", "posts"]


def test_write_removes_temporary_files_of_killed_export(tmp_path: Path) -> None:
    write(tmp_path, *FILES)
    for folder in (tmp_path, tmp_path / POSTS):
        (folder / ".blogcli-0123456789abcdef").write_text("half")
    write(tmp_path, *FILES, dry_run=True)
    assert (tmp_path / ".blogcli-0123456789abcdef").exists()
    assert counts(write(tmp_path, *FILES)) == (0, 0, 2)
    assert not list(tmp_path.rglob(".blogcli-*"))


def test_write_full_disk_leaves_only_complete_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync
    calls = itertools.count()

    def fail_if_full(descriptor: int) -> None:
        if next(calls) >= 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    files = [(f"{POSTS}/{number}.md", text_of(number)) for number in range(100)]
    monkeypatch.setattr(os, "fsync", fail_if_full)
    with pytest.raises(BlogError, match="No space left on device") as caught:
        write(tmp_path, *files)
    assert caught.value.exit_code == ExitCode.FAILED
    written = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(written) == 3
    assert written.items() <= dict(files).items()
    monkeypatch.undo()
    assert counts(write(tmp_path, *files)) == (97, 0, 3)


def test_write_dry_run_counts_without_writing(tmp_path: Path) -> None:
    write(tmp_path, *FILES)
    result = write(tmp_path, (FILES[0][0], "other"), ("c.md", "new"), delete=True, dry_run=True)
    assert (counts(result), result.stale) == ((1, 1, 0), [tmp_path / FILES[1][0]])
    assert (tmp_path / FILES[0][0]).read_text() == FILES[0][1]
    assert not (tmp_path / "c.md").exists()


@pytest.mark.parametrize("delete", [True, False])
def test_write_deletes_only_earlier_exports(tmp_path: Path, delete: bool) -> None:
    write(tmp_path, *FILES)
    foreign_files = {
        "mine.md": "---\ntitle: Mine\n---\n",
        f"{POSTS}/mine.md": f"---\ntitle: Mine\n---\n{text_of(3)}",
        f"{POSTS}/about.txt": text_of(3),
        f"{POSTS}/plain.md": text_of(3, "plain"),
        f"{POSTS}/below/c.md": text_of(3),
        f"{POSTS}/node_modules/c.md": text_of(3),
        f"{POSTS}/.git/c.md": text_of(3),
        ".git/content/posts/c.md": text_of(3),
        "c.md": text_of(3),
    }
    for name, text in foreign_files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / POSTS / "link.md").symlink_to(tmp_path / FILES[0][0])
    result = write(tmp_path, FILES[0], delete=delete)
    assert result.stale == [tmp_path / FILES[1][0]]
    assert (tmp_path / FILES[1][0]).exists() is not delete
    assert all((tmp_path / name).exists() for name in (*foreign_files, f"{POSTS}/link.md", FILES[0][0]))


@pytest.mark.parametrize("dry_run", [True, False])
def test_write_skips_foreign_files_and_writes_others(tmp_path: Path, dry_run: bool) -> None:
    names = [f"{POSTS}/{name}.md" for name in ("mine", "plain", "folder", "link", "dangling", "c")]
    mine, plain, folder, link, dangling, _ = (tmp_path / name for name in names)
    folder.mkdir(parents=True)
    mine.write_text("Mine")
    plain.write_text(text_of(3, "plain"))
    link.symlink_to(plain)
    dangling.symlink_to(tmp_path / "missing")
    inodes = {path: path.lstat().st_ino for path in (mine, plain, folder, link, dangling)}
    result = write(tmp_path, *((name, text_of(4)) for name in names), dry_run=dry_run)
    assert counts(result) == (1, 0, 0)
    foreign = "not exported by blogcli"
    other_flavor = "exported by blogcli as plain"
    assert result.skipped == {mine: foreign, plain: other_flavor, folder: foreign, link: foreign, dangling: foreign}
    assert (tmp_path / names[-1]).exists() is not dry_run
    assert {path: path.lstat().st_ino for path in inodes} == inodes
    assert (mine.read_text(), plain.read_text()) == ("Mine", text_of(3, "plain"))


def test_write_foreign_file_with_same_content_is_unchanged(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Same")
    result = write(tmp_path, ("a.md", "Same"))
    assert (counts(result), result.skipped) == ((0, 0, 1), {})


def test_write_through_link_out_of_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = tmp_path / "site"
    target.mkdir()
    (target / "content").symlink_to(outside)
    with pytest.raises(UsageError, match="outside"):
        write(target, *FILES)
    assert not list(outside.iterdir())


def test_write_through_link_that_appears_after_check_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    target = tmp_path / "site"
    realpath = os.path.realpath

    def replace_folder(path: Path) -> str:
        """Replace the folder of the files by a link after its path was resolved."""
        resolved = realpath(path)
        if path != target:
            (target / "content").symlink_to(outside)
        return resolved

    monkeypatch.setattr(os.path, "realpath", replace_folder)
    with pytest.raises(UsageError, match="outside"):
        write(target, FILES[0])
    assert not list(outside.iterdir())


def test_write_ignores_link_that_replaces_open_folder(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    with export_folder._FolderWriter(tmp_path / "site", dry_run=False).open() as writer:  # noqa: SLF001 - the race cannot be caused from outside
        writer.write(tmp_path / "site" / "posts" / "a.md", b"a")
        (tmp_path / "site" / "posts").rename(tmp_path / "moved")
        (tmp_path / "site" / "posts").symlink_to(outside)
        writer.write(tmp_path / "site" / "posts" / "b.md", b"b")
    assert not list(outside.iterdir())
    assert sorted(path.name for path in (tmp_path / "moved").iterdir()) == ["a.md", "b.md"]


def test_write_through_link_inside_folder_is_possible(tmp_path: Path) -> None:
    (tmp_path / "site" / "texts").mkdir(parents=True)
    (tmp_path / "site" / "content").symlink_to("texts")
    assert counts(write(tmp_path / "site", *FILES)) == (2, 0, 0)
    assert len(list((tmp_path / "site" / "texts" / "posts").iterdir())) == 2


@pytest.mark.parametrize("kind", ["link", "dangling link", "link to folder", "pipe", "folder", "socket"])
def test_write_skips_everything_but_files_of_earlier_exports(tmp_path: Path, kind: str) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text(text_of(9))
    path = tmp_path / "site" / FILES[0][0]
    path.parent.mkdir(parents=True)
    if "link" in kind:
        path.symlink_to({"link": outside, "link to folder": tmp_path}.get(kind, tmp_path / "missing.md"))
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        os.mknod(path, stat.S_IFSOCK | 0o600)
    else:
        path.mkdir()
    result = write(tmp_path / "site", *FILES, delete=True)
    assert (counts(result), list(result.skipped)) == ((1, 0, 0), [path])
    assert outside.read_text() == text_of(9)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["outside.md", "site"]


def test_write_keeps_file_that_file_system_shows_under_other_name(tmp_path: Path) -> None:
    file = (f"{POSTS}/a\u00e9.md", text_of(1))
    write(tmp_path, file)
    # A hard link behaves as a second name of the file in a file system that ignores case and Unicode forms.
    for name in ("A\u00c9.md", "ae\u0301.md"):
        (tmp_path / POSTS / name).hardlink_to(tmp_path / file[0])
    (tmp_path / POSTS / "b.md").write_text(text_of(1))
    assert write(tmp_path, file, delete=True).stale == [tmp_path / POSTS / "b.md"]
    assert len(list((tmp_path / POSTS).iterdir())) == 3


def test_write_file_in_place_of_folder_is_usage_error(tmp_path: Path) -> None:
    (tmp_path / "content").write_text("a file")
    with pytest.raises(UsageError, match="content"):
        write(tmp_path, *FILES)
