"""Folders that are written to, among files that others wrote."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from .files import replacing
from .invocation import Invocation
from .reports import amount

if TYPE_CHECKING:
    from ..interchange.markdown import OwnFiles

_PIPE_HINT = "Name a folder; `blogcli export jsonl -` writes into a pipe."


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
        """Say it in a line, and name the files that were left alone and those that are left over."""
        start = "Would write" if dry_run else "Wrote"
        counts = f"{self.new:,} new, {self.changed:,} changed, {self.unchanged:,} unchanged"
        left = f", {len(self.left):,} left alone" if self.left else ""
        invocation.console.say(f"{start} posts to {self.target}: {counts}{left}.")
        for path, reason in self.left.items():
            invocation.console.warn(f"Left alone, {reason}: {path}")
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
            invocation.console.warn(f"Left over: {count} of posts that were not chosen; --delete removes them")


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
        if not dry_run:
            target.mkdir(parents=True, exist_ok=True)
        for name, text in files:
            names.add(name)
            path = target / name
            if not Path(os.path.realpath(path.parent)).is_relative_to(root):
                raise UsageError(f"Cannot write {path}: it is outside {target}")
            _write_into(written, path, text.encode(), own=own, dry_run=dry_run)
        others = (path for path in own.possible(target) if str(path.relative_to(target)) not in names)
        written.stale = [path for path in others if own.why_not(path) is None]
        if delete and not dry_run:
            for path in written.stale:
                path.unlink()
    except OSError as error:
        raise UsageError(f"Cannot write {error.filename or target}: {error.strerror}") from None
    return written


def _write_into(written: Written, path: Path, text: bytes, *, own: "OwnFiles", dry_run: bool) -> None:
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
    if not dry_run:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(text)


def _holds(path: Path, text: bytes) -> bool:
    try:
        return path.is_file() and path.stat().st_size == len(text) and path.read_bytes() == text
    except OSError:
        return False
