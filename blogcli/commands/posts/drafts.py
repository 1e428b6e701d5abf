"""Texts that a person is editing: each is a file in the state directory until it is saved in the database.

The text is `NAME.md`; `NAME.json` beside it stores what the text belongs to (see `Origin`). The command that is editing
a text holds a lock on the second file, so that no other command opens it.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from ...cli.prompts import is_filled
from ...dates import rfc_3339
from ...directories import state_home
from ...errors import BlogError, EditConflictError, TryAgainError

TEXT_ENDING, _ORIGIN, _COPY = ".md", ".json", ".copy"
# File systems take names of 255 bytes; there is an ending and perhaps a number.
_MAX_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """The command and the database that a text belongs to, and the text with which the editor was first started.

    `edit` names the post by id, slug and version; `create` keeps the options that were given with the text. The
    original is disposable if it is a template or the copy of a post, so that a text equal to it need not be kept.
    """

    command: str
    database: str
    original: str
    is_disposable: bool = True
    post_id: int | None = None
    slug: str | None = None
    version: int | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """The file of a text that is not saved yet."""

    path: Path
    origin: Origin

    @property
    def name(self) -> str:
        """The name by which `--recover` finds the draft."""
        return self.path.stem

    @property
    def is_temporary(self) -> bool:
        """Whether the file is outside the state directory, where `--recover` does not search."""
        try:
            return self.path.parent != drafts_folder()
        except RuntimeError:
            return True

    @property
    def recovery(self) -> str:
        """A hint that says where the text is and how to continue with it."""
        if self.is_temporary:
            return f"Find your text in {self.path}."
        command = f"blogcli post {self.origin.command} --recover {self.name}"
        return f"Find your text in {self.path}, or continue with `{command}`."

    def hint_after(self, error: BlogError) -> str | None:
        """Return the hint of an error, extended by the place of the text."""
        if not self.path.exists():
            return error.hint
        if isinstance(error, EditConflictError):
            command = f"blogcli post update {self.origin.post_id} --file {self.path}"
            return f"Run `{command}` to replace that change by your text."
        return f"{error.hint} {self.recovery}" if error.hint else self.recovery

    def is_original(self, text: bytes) -> bool:
        """Return whether a text equals a disposable original, so that it need not be kept."""
        return self.origin.is_disposable and text == self.origin.original.encode()

    def read(self) -> bytes:
        """Return the text, which is empty if there is no file; raise BlogError if it cannot be read."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise BlogError(f"Cannot read {self.path}: {error.strerror}") from None

    def back_up(self) -> None:
        """Copy the text, so that an editor that fails on a full disk does not destroy it; BlogError if that fails."""
        copy = self.path.with_suffix(_COPY)
        try:
            _write(copy, self.read(), os.O_TRUNC)
        except OSError as error:
            _unlink(copy)
            raise BlogError(f"Cannot copy {self.path}: {error.strerror}") from None

    def restore(self) -> None:
        """Replace an empty text with its copy; remove the copy if the text is not empty."""
        copy = self.path.with_suffix(_COPY)
        if copy.exists() and not is_filled(self.read()):
            copy.replace(self.path)
        else:
            _unlink(copy)

    def remove(self) -> None:
        """Remove the files of the draft, after the text was saved or if it need not be kept."""
        for ending in (TEXT_ENDING, _COPY, _ORIGIN):
            _unlink(self.path.with_suffix(ending))
        if self.is_temporary:
            with suppress(OSError):
                self.path.parent.rmdir()

    def record(self) -> dict[str, Any]:
        """Return the draft as a record of a list."""
        lines = (line.strip() for line in self.read().decode(errors="replace").splitlines())
        saved_at = datetime.fromtimestamp(self.path.stat().st_mtime, UTC).replace(microsecond=0)
        return {
            "name": self.name,
            "saved_at": rfc_3339(saved_at),
            "first_line": next((line for line in lines if line.strip("-+")), ""),
            "path": str(self.path),
        }


def create_draft(name: str, text: bytes, origin: Origin) -> Draft:
    """Create a draft of that name, with a number appended if it exists already.

    If the state directory cannot be used, the draft is written to a private temporary directory. Raises BlogError if
    that fails too.
    """
    try:
        return _create(_made(drafts_folder()), name, text, origin)
    except (OSError, RuntimeError):
        # Path.home raises RuntimeError for a user without a home.
        pass
    try:
        return _create(Path(tempfile.mkdtemp(prefix="blogcli-")), name, text, origin)
    except OSError as error:
        raise BlogError(f"Cannot write a file for the editor: {error.strerror}") from None


def open_draft(path: Path) -> Draft:
    """Return the draft in a file, without locking it."""
    try:
        return Draft(path, Origin(**json.loads(path.with_suffix(_ORIGIN).read_bytes())))
    except (OSError, ValueError, TypeError):
        # A text without an origin can still become a post.
        return Draft(path, Origin("create", "", "", is_disposable=False))


@contextmanager
def locked(draft: Draft) -> Iterator[None]:
    """Lock the draft against other commands; raise TryAgainError if one of them has locked it."""
    beside = draft.path.with_suffix(_ORIGIN)
    try:
        descriptor = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BlogError(f"Cannot open {beside}: {error.strerror}") from None
    try:
        _lock(descriptor, draft)
        # A command that was killed may have left an empty text beside its copy.
        draft.restore()
        yield
    finally:
        os.close(descriptor)


def draft_name(text: str) -> str:
    """Return a file name made from the slug of a post or from a time."""
    try:
        return os.fsencode(text)[:_MAX_NAME_BYTES].decode(errors="ignore")
    except UnicodeEncodeError:
        return ascii(text).strip("'").replace("\\", "_")[:_MAX_NAME_BYTES]


def drafts_folder() -> Path:
    """Return the directory of the drafts; raise RuntimeError for a user without a home directory."""
    home = state_home()
    if home is None:
        raise RuntimeError("There is no home directory")
    return home / "blogcli" / "drafts"


def _made(folder: Path) -> Path:
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _create(folder: Path, name: str, text: bytes, origin: Origin) -> Draft:
    for number in count(1):
        path = folder / f"{name if number == 1 else f'{name}-{number}'}{TEXT_ENDING}"
        try:
            _write(path, text, os.O_EXCL)
            break
        except FileExistsError:
            continue
        except OSError:
            _unlink(path)
            raise
    beside = path.with_suffix(_ORIGIN)
    try:
        _write(beside, json.dumps(asdict(origin)).encode(), os.O_TRUNC)
        return Draft(path, origin)
    except OSError:
        _unlink(path)
        _unlink(beside)
        raise


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _write(path: Path, data: bytes, flags: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _lock(descriptor: int, draft: Draft) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise TryAgainError(f"{draft.name} is being edited by another command") from None
    except OSError:
        # Some network file systems have no locks.
        return
