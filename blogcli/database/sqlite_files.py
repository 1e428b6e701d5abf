"""Inspect and create the files of SQLite databases."""

import os
from pathlib import Path

from ..errors import ConfigurationError

# The first bytes of a SQLite database.
SQLITE_MAGIC = b"SQLite format 3\0"


def choose_mode(path: Path) -> str:
    """Return the query parameters of a SQLite URI that opens a file for writing if possible, or else for reading.

    Raises ConfigurationError if the file cannot even be opened for reading.
    """
    # The mode `rw` never creates a file, so a file that was deleted after the check of its existence is not recreated.
    if os.access(path.parent, os.W_OK):
        return "mode=rw"
    # In WAL mode, SQLite needs a shared-memory file next to the database. In a read-only directory, no process can
    # create this file, so no process can write to the database. The database can then be opened as immutable, unless a
    # killed command has left changes in a log.
    logs = [log for log in (Path(f"{path}-wal"), Path(f"{path}-journal")) if _has_content(log)]
    if not logs:
        return "mode=ro&immutable=1"
    if Path(f"{path}-shm").exists():
        return "mode=ro"
    raise ConfigurationError(
        f"{path} cannot be read: {logs[0].name} contains changes to it, and the directory is read-only",
        hint="Copy both files to a writable directory, and read the copy.",
    )


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def create_private_file(path: Path) -> None:
    """Create an empty file that only its owner can read, unless the file exists.

    Raises ConfigurationError if the file cannot be created.
    """
    if path.exists():
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The file is created with these permissions before SQLite opens it, so that other users can never read it.
        path.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(f"Cannot create {path}: {error.strerror}") from error


def read_page_size(path: Path) -> int | None:
    """Return the size of the pages of a database in bytes, or None if the file is missing, empty or no database."""
    try:
        with path.open("rb") as file:
            header = file.read(18)
    except OSError:
        return None
    if not header.startswith(SQLITE_MAGIC):
        return None
    # The number 1 means 65536 (see "Database File Format" of SQLite).
    size = int.from_bytes(header[16:18], "big")
    return 65_536 if size == 1 else size


def get_identity(path: Path) -> tuple[int, int] | None:
    """Return the device and inode of a file, or None if the file does not exist."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
