"""Drafts: files in the state directory that store the text of a post until the text is saved in the database.

A draft consists of the text in `NAME.md` and a `DraftOrigin` in `NAME.json`. While a command edits a draft, the command
locks the JSON file, so that no other command opens the draft.
"""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from ...cli.prompts import is_filled
from ...dates import rfc_3339
from ...directories import state_home
from ...errors import BlogError, EditConflictError
from ...text.json_text import parse_json

TEXT_SUFFIX = ".md"
ORIGIN_SUFFIX = ".json"
_BACKUP_SUFFIX = ".copy"
# The suffix of a new version of a file, which replaces the file after it was written.
NEW_SUFFIX = ".new"
# File systems limit file names to 255 bytes. A draft name is shorter, because a number and a suffix are appended to it.
_MAX_NAME_BYTES = 200


@dataclass(frozen=True, slots=True)
class DraftOrigin:
    """The command and the database that a draft belongs to, and the original text that was opened in the editor.

    For `post edit`, the origin contains the id and the slug of the post, and the state on which the edit is based. The
    original text is this state of the post, so a later command can merge the edited text with a newer state. For
    `post create`, the origin contains the options from the command line. `is_disposable` is set if the original text is
    a template or the copy of a post. In this case, the draft is removed if the user did not change the text.
    """

    command: str
    database: str
    original: str
    is_disposable: bool = True
    post_id: int | None = None
    slug: str | None = None
    base: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is saved in a file, but not in the database yet, and the origin of the text."""

    path: Path
    origin: DraftOrigin

    @property
    def name(self) -> str:
        """The name of the draft. A command with --recover and this name as its argument opens the draft."""
        return self.path.stem

    @property
    def is_temporary(self) -> bool:
        """Whether the draft is outside the state directory, so that `--recover` does not find it."""
        try:
            return self.path.parent != drafts_folder()
        except RuntimeError:
            return True

    @property
    def recovery(self) -> str:
        """A hint that contains the path of the draft and the command that opens the draft again."""
        if self.is_temporary:
            return f"Find your text in {self.path}."
        command = f"blogcli post {self.origin.command} --recover {self.name}"
        return f"Find your text in {self.path}, or continue with `{command}`."

    def hint_after(self, error: BlogError) -> str | None:
        """Return a hint for an error. If the file of the draft exists, the hint contains the path of the file."""
        if not self.path.exists():
            return error.hint
        if isinstance(error, EditConflictError):
            command = f"blogcli post update {self.origin.post_id} --file {self.path}"
            merge = "" if self.is_temporary else f", or `blogcli post edit --recover {self.name}` to merge both"
            return f"Run `{command}` to replace that change with your text{merge}."
        return f"{error.hint} {self.recovery}" if error.hint else self.recovery

    def is_original(self, text: bytes) -> bool:
        """Return whether `text` is equal to the original text and the original text is disposable."""
        return self.origin.is_disposable and text == self.origin.original.encode()

    def read(self) -> bytes:
        """Return the text, or no bytes if the file does not exist. Raises BlogError if the file cannot be read."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise BlogError(f"Cannot read {self.path}: {error.strerror}") from None

    def back_up(self) -> None:
        """Create a backup of the text, because an editor may destroy the file if the disk is full.

        Raises BlogError if the text cannot be copied.
        """
        backup = self.path.with_suffix(_BACKUP_SUFFIX)
        try:
            write_file(backup, self.read(), os.O_TRUNC)
        except OSError as error:
            _unlink(backup)
            raise BlogError(f"Cannot copy {self.path}: {error.strerror}") from None

    def restore(self) -> None:
        """Restore the text from the backup if the text is empty, and otherwise remove the backup."""
        backup = self.path.with_suffix(_BACKUP_SUFFIX)
        if backup.exists() and not is_filled(self.read()):
            backup.replace(self.path)
        else:
            _unlink(backup)

    def remove(self) -> None:
        """Remove all files of the draft."""
        for suffix in (TEXT_SUFFIX, _BACKUP_SUFFIX, NEW_SUFFIX, ORIGIN_SUFFIX):
            _unlink(self.path.with_suffix(suffix))
        if self.is_temporary:
            with suppress(OSError):
                self.path.parent.rmdir()

    def record(self) -> dict[str, Any]:
        """Return the record of this draft in a list of drafts, as a map from field names to values."""
        lines = (line.strip() for line in self.read().decode(errors="replace").splitlines())
        saved_at = datetime.fromtimestamp(self.path.stat().st_mtime, UTC).replace(microsecond=0)
        return {
            "name": self.name,
            "saved_at": rfc_3339(saved_at),
            "first_line": next((line for line in lines if line.strip("-+")), ""),
            "path": str(self.path),
        }


def create_draft(name: str, text: bytes, origin: DraftOrigin) -> Draft:
    """Create a draft. If a draft with the same name exists, a number is appended to the name.

    If the state directory cannot be used, the draft is written to a private temporary directory. Raises BlogError if
    the temporary directory cannot be used either.
    """
    try:
        return _create_files(_make_private(drafts_folder()), name, text, origin)
    except (OSError, RuntimeError):
        # There is no home directory, or the state directory cannot be written. So a temporary directory is used.
        pass
    try:
        return _create_files(Path(tempfile.mkdtemp(prefix="blogcli-")), name, text, origin)
    except OSError as error:
        raise BlogError(f"Cannot write a file for the editor: {error.strerror}") from None


def open_draft(path: Path) -> Draft:
    """Return the draft whose text is in the file `path`, without locking the draft."""
    try:
        return Draft(path, DraftOrigin(**parse_json(path.with_suffix(ORIGIN_SUFFIX).read_bytes())))
    except (OSError, ValueError, TypeError):
        # The origin is missing or invalid. The text is opened as a draft of a new post, so that it can still be saved.
        return Draft(path, DraftOrigin("create", "", "", is_disposable=False))


def draft_name(text: str) -> str:
    """Convert the slug of a post to a draft name that is a valid file name. A long slug is truncated."""
    try:
        return os.fsencode(text)[:_MAX_NAME_BYTES].decode(errors="ignore")
    except UnicodeEncodeError:
        return ascii(text).strip("'").replace("\\", "_")[:_MAX_NAME_BYTES]


def drafts_folder() -> Path:
    """Return the directory of the drafts. Raises RuntimeError if there is no home directory."""
    home = state_home()
    if home is None:
        raise RuntimeError("There is no home directory")
    return home / "blogcli" / "drafts"


def _make_private(folder: Path) -> Path:
    for path in (*reversed(folder.parents), folder):
        if not path.is_dir():
            path.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return folder


def _create_files(folder: Path, name: str, text: bytes, origin: DraftOrigin) -> Draft:
    for number in count(1):
        path = folder / f"{name if number == 1 else f'{name}-{number}'}{TEXT_SUFFIX}"
        try:
            write_file(path, text, os.O_EXCL)
            break
        except FileExistsError:
            continue
        except OSError:
            _unlink(path)
            raise
    origin_path = path.with_suffix(ORIGIN_SUFFIX)
    try:
        write_file(origin_path, json.dumps(asdict(origin)).encode(), os.O_TRUNC)
        return Draft(path, origin)
    except OSError:
        _unlink(path)
        _unlink(origin_path)
        raise


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def write_file(path: Path, data: bytes, flags: int) -> None:
    """Write a file that only the user can read, and wait until it is stored. `flags` are passed to `os.open`."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
