"""Write exported files to a folder that may also hold files of other programs."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ...cli.atomic_write import remove_stale_files, sync_folder, write_error, write_whole
from ...cli.context import CliContext
from ...cli.messages import amount
from ...errors import UsageError
from ...signals import ended_in_order

if TYPE_CHECKING:
    from ...interchange.markdown.owned_files import OwnedFiles

# The number of files that are written at the same time. Each waits for the disk, so many take hardly longer than one.
_MAX_THREADS = 16


@dataclass
class FolderResult:
    """The numbers of files that an export wrote to a folder, and the files that it did not write."""

    target: Path
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    # Files of other programs that were not overwritten, each with the reason.
    skipped: dict[Path, str] = field(default_factory=dict)
    # Earlier exported files of posts that are not in this export.
    stale: list[Path] = field(default_factory=list)
    # Whether the export contains all posts, so that a stale file belongs to no post.
    are_all: bool = True
    are_deleted: bool = False

    def report(self, invocation: CliContext, *, dry_run: bool) -> None:
        """Print the counts, and warn about skipped and stale files."""
        start = "Would write" if dry_run else "Wrote"
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged"
        skipped = f", {len(self.skipped):,} skipped" if self.skipped else ""
        invocation.console.say(f"{start} posts to {self.target}: {counts}{skipped}.")
        for path, reason in self.skipped.items():
            invocation.console.warn(f"Skipped, {reason}: {path}")
        if self.are_deleted:
            for path in self.stale:
                invocation.console.say(f"{'Would remove' if dry_run else 'Removed'} {path}")
        elif self.stale:
            self._warn_of_stale_files(invocation)

    def _warn_of_stale_files(self, invocation: CliContext) -> None:
        # A site generator would still publish these files.
        if self.are_all:
            for path in self.stale:
                invocation.console.warn(f"No longer a post: {path}")
            invocation.console.say("Use --delete to remove such files.")
        else:
            files = amount(len(self.stale), "file")
            verb = "is" if len(self.stale) == 1 else "are"
            invocation.console.warn(f"{files} {verb} not in this export; use --delete to remove such files")


def write_folder(
    target: Path,
    files: Iterable[tuple[str, str]],
    *,
    own: "OwnedFiles",
    are_all: bool,
    delete: bool,
    dry_run: bool,
) -> FolderResult:
    """Write files to a folder, and return what was done; unchanged files are not written.

    Files that are not earlier exports, which `own` decides, are skipped. With `delete`, earlier exported files that are
    not among the files are removed. Raises UsageError if the folder cannot be written.
    """
    if str(target) == "-":
        raise UsageError(
            "A folder cannot be written to a pipe", hint="Name a folder, or use `blogcli export jsonl -` for a pipe."
        )
    result = FolderResult(target, are_all=are_all, are_deleted=delete)
    root = Path(os.path.realpath(target))
    names = set()
    try:
        with _FolderWriter(target, dry_run=dry_run).open() as writer:
            for name, text in files:
                names.add(name)
                path = target / name
                if not Path(os.path.realpath(path.parent)).is_relative_to(root):
                    raise UsageError(f"Cannot write {path}: it is outside {target}")
                _write_file(result, path, text.encode(), own=own, writer=writer)
        others = (path for path in own.candidates(target) if str(path.relative_to(target)) not in names)
        result.stale = [path for path in others if own.rejection_reason(path) is None]
        if delete and not dry_run:
            for path in result.stale:
                path.unlink()
    except OSError as error:
        raise write_error(error.filename or target, error) from None
    return result


class _FolderWriter:
    """Writes whole files to a folder in several threads; a dry run writes nothing."""

    def __init__(self, target: Path, *, dry_run: bool) -> None:
        self._target = target
        self._dry_run = dry_run
        self._cleaned: set[Path] = set()
        self._pending: deque[Future[None]] = deque()

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Create the folder; at the end of the block, all files are on the disk."""
        if self._dry_run:
            yield self
            return
        self._target.mkdir(parents=True, exist_ok=True)
        self.clean(self._target)
        with ended_in_order(), ThreadPoolExecutor(_MAX_THREADS) as self._threads:
            try:
                yield self
                while self._pending:
                    self._pending.popleft().result()
            finally:
                self._threads.shutdown(cancel_futures=True)
        for folder in {self._target.parent, *self._cleaned}:
            sync_folder(folder)

    def clean(self, folder: Path) -> None:
        """Remove temporary files that killed exports have left in a folder, once per folder."""
        if not self._dry_run and folder not in self._cleaned:
            self._cleaned.add(folder)
            remove_stale_files(folder)

    def write(self, path: Path, content: bytes) -> None:
        """Start to write a file.

        Raises OSError if an earlier file could not be written. The end of the block raises it for the last files.
        """
        if self._dry_run:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if len(self._pending) >= 2 * _MAX_THREADS:
            self._pending.popleft().result()
        self._pending.append(self._threads.submit(write_whole, path, content))


def _write_file(result: FolderResult, path: Path, content: bytes, *, own: "OwnedFiles", writer: _FolderWriter) -> None:
    writer.clean(path.parent)
    exists = os.path.lexists(path)
    if exists and _has_content(path, content):
        result.unchanged += 1
        return
    reason = own.rejection_reason(path) if exists else None
    if reason:
        result.skipped[path] = reason
        return
    result.changed += exists
    result.new += not exists
    writer.write(path, content)


def _has_content(path: Path, content: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False
