"""What is written to files and folders, or to stdout in their place."""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UsageError
from .files import replacing
from .invocation import Invocation

# What tells a file that was exported from one that a person wrote, and how far into it.
_MARK = b"\nuuid: "
_START = 4_096


def write_file(invocation: Invocation, target: Path, chunks: Iterable[str], *, private: bool = False) -> None:
    """Write a file, all of it or nothing, compressed if its name ends in .gz; `-` is stdout.

    Raises UsageError where it cannot be written.
    """
    if str(target) == "-":
        invocation.console.write(chunks)
        return
    with replacing(target, private=private) as file:
        if target.suffix == ".gz":
            # Without name and time: the same posts give the same bytes.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(chunk.encode() for chunk in chunks)
        else:
            file.writelines(chunk.encode() for chunk in chunks)


@dataclass
class Written:
    """What became of a folder."""

    target: Path
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    stale: list[Path] = field(default_factory=list)
    are_deleted: bool = False

    def report(self, invocation: Invocation, *, dry_run: bool) -> None:
        """Say it in a line, and name the files that no longer have a post."""
        start = "Would write" if dry_run else "Wrote"
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged"
        invocation.console.say(f"{start} posts to {self.target}: {counts}.")
        removed = ("Would remove" if dry_run else "Removed") if self.are_deleted else "No longer a post:"
        for path in self.stale:
            invocation.console.say(f"{removed} {path}")
        if self.stale and not self.are_deleted:
            invocation.console.say("--delete removes such files.")


def write_folder(
    target: Path, files: Iterable[tuple[str, str]], *, are_all: bool, delete: bool, dry_run: bool
) -> Written:
    """Write files into a folder, those that differ from what is there; UsageError where that cannot be done.

    Only where these `are_all` of them can others be told to have no post.
    """
    written = Written(target, are_deleted=delete)
    names, root = set(), target.resolve()
    try:
        if not dry_run:
            target.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            names.add(name)
            path = target / name
            if not path.parent.resolve().is_relative_to(root):
                raise UsageError(f"Cannot write {path}: it is outside {target}")
            _write_into(written, path, text.encode(), dry_run=dry_run)
        if are_all:
            written.stale = [path for path in _exported(target) if str(path.relative_to(target)) not in names]
        if delete and not dry_run:
            for path in written.stale:
                path.unlink()
    except OSError as error:
        raise UsageError(f"Cannot write {error.filename or target}: {error.strerror}") from None
    return written


def _write_into(written: Written, path: Path, text: bytes, *, dry_run: bool) -> None:
    is_there = path.is_file()
    if is_there and path.stat().st_size == len(text) and path.read_bytes() == text:
        written.unchanged += 1
        return
    if is_there:
        written.changed += 1
    else:
        written.new += 1
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(text)


def _exported(target: Path) -> Iterator[Path]:
    for path in sorted(target.rglob("*.md")) if target.is_dir() else []:
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                start = file.read(_START)
            if start.startswith(b"---\n") and _MARK in start:
                yield path
