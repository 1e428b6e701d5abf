"""Write exported files to a folder that may also contain files of other programs."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from ...cli.atomic_write import remove_stale_files, sync_folder, write_atomically, write_error
from ...cli.context import CliContext
from ...cli.inside_folder import open_folder_inside
from ...cli.messages import amount
from ...errors import UsageError
from ...signals import raising_on_termination

if TYPE_CHECKING:
    from ...interchange.markdown.owned_files import OwnedFiles

# The maximum number of files that are written at the same time. Each thread mostly waits for the disk, so writing 16
# files at the same time takes hardly longer than writing one file.
_MAX_THREADS = 16


@dataclass
class FolderResult:
    """The result of an export to a folder: the skipped and stale files, and the numbers of all other files."""

    target: Path
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    # The existing files that the export did not overwrite, each with the reason.
    skipped: dict[Path, str] = field(default_factory=dict)
    # The files that an earlier export wrote for posts that are not in this export.
    stale: list[Path] = field(default_factory=list)
    # Whether the export contains all posts. If not, the post of a stale file may still exist in the database.
    has_all_posts: bool = True
    deletes_stale: bool = False

    def report(self, context: CliContext, *, dry_run: bool) -> None:
        """Print the counts, and warn about skipped and stale files."""
        verb = "Would write" if dry_run else "Wrote"
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged"
        skipped = f", {len(self.skipped):,} skipped" if self.skipped else ""
        context.console.say(f"{verb} posts to {self.target}: {counts}{skipped}.")
        for path, reason in self.skipped.items():
            context.console.warn(f"Skipped, {reason}: {path}")
        if self.deletes_stale:
            for path in self.stale:
                context.console.say(f"{'Would remove' if dry_run else 'Removed'} {path}")
        elif self.stale:
            self._warn_about_stale_files(context)

    def _warn_about_stale_files(self, context: CliContext) -> None:
        # Stale files are reported, because a site generator would still publish them.
        if self.has_all_posts:
            for path in self.stale:
                context.console.warn(f"No longer a post: {path}")
            context.console.say("Use --delete to remove such files.")
        else:
            files = amount(len(self.stale), "file")
            verb = "is" if len(self.stale) == 1 else "are"
            context.console.warn(f"{files} {verb} not in this export; use --delete to remove such files")


def write_folder(
    target: Path,
    files: Iterable[tuple[str, str]],
    *,
    owned_files: "OwnedFiles",
    has_all_posts: bool,
    delete: bool,
    dry_run: bool,
) -> FolderResult:
    """Write files, given as pairs of a name and a text, to a folder.

    Unchanged files are not written again. An existing file is skipped if `owned_files` does not recognize the file as
    part of an earlier export. If `delete` is set, files of earlier exports are deleted unless they are among `files`.
    Raises UsageError if the folder cannot be written.
    """
    if str(target) == "-":
        raise UsageError(
            "A folder cannot be written to a pipe", hint="Name a folder, or use `blogcli export jsonl -` for a pipe."
        )
    result = FolderResult(target, has_all_posts=has_all_posts, deletes_stale=delete)
    root = Path(os.path.realpath(target))
    names = set()
    try:
        with _FolderWriter(target, dry_run=dry_run).open() as writer:
            for name, text in files:
                names.add(name)
                path = target / name
                if not Path(os.path.realpath(path.parent)).is_relative_to(root):
                    raise UsageError(f"Cannot write {path}: it is outside {target}")
                _write_file(result, path, text.encode(), owned_files=owned_files, writer=writer)
        candidates = owned_files.candidates(target, written=names)
        result.stale = [path for path in candidates if owned_files.rejection_reason(path) is None]
        if delete and not dry_run:
            for path in result.stale:
                path.unlink()
    except OSError as error:
        raise write_error(error.filename or target, error) from None
    return result


class _FolderWriter:
    """Writes files to a folder atomically and in several threads. In a dry run, nothing is written."""

    def __init__(self, target: Path, *, dry_run: bool) -> None:
        self._target = target
        self._dry_run = dry_run
        self._cleaned: set[Path] = set()
        self._folders: dict[Path, int] = {}
        self._pending: deque[Future[None]] = deque()

    @contextmanager
    def open(self) -> Iterator[Self]:
        """Create the folder, and wait at the end of the `with` block until all files are written to the disk."""
        if self._dry_run:
            yield self
            return
        self._target.mkdir(parents=True, exist_ok=True)
        self.clean(self._target)
        with raising_on_termination(), ThreadPoolExecutor(_MAX_THREADS) as self._threads:
            try:
                yield self
                while self._pending:
                    self._pending.popleft().result()
            finally:
                self._threads.shutdown(cancel_futures=True)
                for descriptor in self._folders.values():
                    os.close(descriptor)
        for folder in {self._target.parent, *self._cleaned}:
            sync_folder(folder)

    def clean(self, folder: Path) -> None:
        """Remove the temporary files that killed exports have left in a folder.

        Only the first call for a folder has an effect.
        """
        if not self._dry_run and folder not in self._cleaned:
            self._cleaned.add(folder)
            remove_stale_files(folder)

    def write(self, path: Path, content: bytes) -> None:
        """Start writing a file in another thread.

        Raises OSError if a file of an earlier call could not be written. Errors of the last files are raised at the end
        of the `with` block of `open`. Raises UsageError if the folder of the file is not inside the target.
        """
        if self._dry_run:
            return
        folder = self._folders.get(path.parent)
        if folder is None:
            folder = self._folders[path.parent] = open_folder_inside(self._target, path.parent)
        if len(self._pending) >= 2 * _MAX_THREADS:
            self._pending.popleft().result()
        self._pending.append(self._threads.submit(write_atomically, Path(path.name), content, folder=folder))


def _write_file(
    result: FolderResult, path: Path, content: bytes, *, owned_files: "OwnedFiles", writer: _FolderWriter
) -> None:
    writer.clean(path.parent)
    exists = os.path.lexists(path)
    if exists and _has_content(path, content):
        result.unchanged += 1
        return
    reason = owned_files.rejection_reason(path) if exists else None
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
