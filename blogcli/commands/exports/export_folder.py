"""Folders that are written to, among files that others wrote."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ...cli.atomic_write import remove_stale_files, sync_folder, write_error, write_whole
from ...cli.context import Invocation
from ...cli.rendering import amount
from ...errors import UsageError
from ...signals import ended_in_order

if TYPE_CHECKING:
    from ...interchange.markdown.owned_files import OwnFiles

_PIPE_HINT = "Name a folder; `blogcli export jsonl -` writes into a pipe."


# Files that are on their way to the disk at the same time: it takes hardly longer for many than for one.
_MOST_AT_ONCE = 16


@dataclass
class Written:
    """What became of a folder."""

    target: Path
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    # Files in the place of others, and what they are.
    left: dict[Path, str] = field(default_factory=dict)
    # Of posts that were not exported, be it that there are none.
    stale: list[Path] = field(default_factory=list)
    are_all: bool = True
    are_deleted: bool = False

    def report(self, invocation: Invocation, *, dry_run: bool) -> None:
        """Print the counts, and warn about files that were skipped and files of posts that were not exported."""
        start = "Would write" if dry_run else "Wrote"
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged"
        left = f", {len(self.left):,} skipped" if self.left else ""
        invocation.console.say(f"{start} posts to {self.target}: {counts}{left}.")
        for path, reason in self.left.items():
            invocation.console.warn(f"Skipped, {reason}: {path}")
        if self.are_deleted:
            for path in self.stale:
                invocation.console.say(f"{'Would remove' if dry_run else 'Removed'} {path}")
        elif self.stale:
            self._warn(invocation)

    def _warn(self, invocation: Invocation) -> None:
        # What is no longer public may still be shown by whoever reads the folder.
        if self.are_all:
            for path in self.stale:
                invocation.console.warn(f"No longer a post: {path}")
            invocation.console.say("--delete removes such files.")
        else:
            count = amount(len(self.stale), "file")
            verb = "is" if len(self.stale) == 1 else "are"
            invocation.console.warn(f"{count} {verb} not in this export; --delete removes such files")


def write_folder(
    target: Path,
    files: Iterable[tuple[str, str]],
    *,
    own: "OwnFiles",
    are_all: bool,
    delete: bool,
    dry_run: bool,
) -> Written:
    """Write files into a folder, those that differ from what is there; UsageError where that cannot be done.

    What is there and none of our `own` files is left alone. Others of them are left over: where these `are_all` posts,
    they no longer have one.
    """
    if str(target) == "-":
        raise UsageError("A folder cannot be written to a pipe", hint=_PIPE_HINT)
    written = Written(target, are_all=are_all, are_deleted=delete)
    names, root = set(), Path(os.path.realpath(target))
    try:
        with _Folder(target, dry_run=dry_run).open() as folder:
            for name, text in files:
                names.add(name)
                path = target / name
                if not Path(os.path.realpath(path.parent)).is_relative_to(root):
                    raise UsageError(f"Cannot write {path}: it is outside {target}")
                _write_into(written, path, text.encode(), own=own, folder=folder)
        others = (path for path in own.possible(target) if str(path.relative_to(target)) not in names)
        written.stale = [path for path in others if own.why_not(path) is None]
        if delete and not dry_run:
            for path in written.stale:
                path.unlink()
    except OSError as error:
        raise write_error(error.filename or target, error) from None
    return written


class _Folder:
    """A folder whose files are written by several threads, each file whole; nothing is written on a dry run."""

    def __init__(self, target: Path, *, dry_run: bool) -> None:
        self._target = target
        self._dry_run = dry_run
        self._visited: set[Path] = set()
        self._writing: deque[Future[None]] = deque()

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Let files be written; when the block ends, all of them are on the disk."""
        if self._dry_run:
            yield self
            return
        self._target.mkdir(parents=True, exist_ok=True)
        self.visit(self._target)
        with ended_in_order(), ThreadPoolExecutor(_MOST_AT_ONCE) as self._threads:
            try:
                yield self
                while self._writing:
                    self._writing.popleft().result()
            finally:
                self._threads.shutdown(cancel_futures=True)
        for folder in {self._target.parent, *self._visited}:
            sync_folder(folder)

    def visit(self, folder: Path) -> None:
        """Remove what killed exports have left in a folder that holds files of this one."""
        if not self._dry_run and folder not in self._visited:
            self._visited.add(folder)
            remove_stale_files(folder)

    def write(self, path: Path, content: bytes) -> None:
        """Start to write a file; if that fails, or failed for an earlier file, OSError is raised here or at the end."""
        if self._dry_run:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if len(self._writing) >= 2 * _MOST_AT_ONCE:
            self._writing.popleft().result()
        self._writing.append(self._threads.submit(write_whole, path, content))


def _write_into(written: Written, path: Path, text: bytes, *, own: "OwnFiles", folder: _Folder) -> None:
    folder.visit(path.parent)
    is_there = os.path.lexists(path)
    if is_there and _holds(path, text):
        written.unchanged += 1
        return
    reason = own.why_not(path) if is_there else None
    if reason:
        written.left[path] = reason
        return
    written.changed += is_there
    written.new += not is_there
    folder.write(path, text)


def _holds(path: Path, text: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(text) and path.read_bytes() == text
    except OSError:
        return False
