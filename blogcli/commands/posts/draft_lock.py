"""Locks of drafts, which prevent that two commands edit the same draft."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from ...errors import BlogError, TryAgainError
from .drafts import NEW_SUFFIX, ORIGIN_SUFFIX, Draft, DraftOrigin, write_file


class LockedDraft:
    """A draft that this process has locked, and whose text and origin can be replaced.

    `descriptors` are the open files whose locks belong to this process.
    """

    def __init__(self, draft: Draft, descriptor: int) -> None:
        self.draft = draft
        self.descriptors = [descriptor]

    def replace(self, text: bytes, origin: DraftOrigin) -> None:
        """Replace the text and the origin of the draft. The draft remains locked.

        The text is replaced first. If the process is killed before the origin is replaced, the new text can be merged
        with the stored post again, because equal changes of both sides are not a conflict.

        Raises BlogError if a file cannot be written. The text of the draft is then the previous or the new text.
        """
        path = self.draft.path
        new_path = path.with_suffix(NEW_SUFFIX)
        try:
            write_file(new_path, text, os.O_TRUNC)
            new_path.replace(path)
            write_file(new_path, json.dumps(asdict(origin)).encode(), os.O_TRUNC)
            # Another command that opens the new file must find it locked.
            self.descriptors.append(os.open(new_path, os.O_RDWR))
            _lock_file(self.descriptors[-1], self.draft)
            new_path.replace(path.with_suffix(ORIGIN_SUFFIX))
        except OSError as error:
            new_path.unlink(missing_ok=True)
            raise BlogError(f"Cannot write {path}: {error.strerror}") from None
        self.draft = replace(self.draft, origin=origin)

    def unlock(self) -> None:
        """Unlock the draft."""
        for descriptor in self.descriptors:
            os.close(descriptor)


@contextmanager
def lock_draft(draft: Draft) -> Iterator[LockedDraft]:
    """Lock a draft until the block ends. Raises TryAgainError if another command has locked the draft."""
    locked = LockedDraft(draft, _open_origin(draft.path.with_suffix(ORIGIN_SUFFIX)))
    try:
        _lock_file(locked.descriptors[0], draft)
        # If a previous command was killed while the editor was writing, the text may be empty and has to be restored.
        draft.restore()
        yield locked
    finally:
        locked.unlock()


def _open_origin(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BlogError(f"Cannot open {path}: {error.strerror}") from None


def _lock_file(descriptor: int, draft: Draft) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TryAgainError(f"{draft.name} is being edited by another command") from None
    except OSError:
        # Some network file systems do not support locks, so the draft is edited without a lock.
        return
