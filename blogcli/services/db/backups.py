"""Name, list and remove the backup files in a folder."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import partial
from pathlib import Path

from ...archive.reader import read_header
from ...archive.records import Header
from ...archive.retention import Rule, parse_rules, select_expired
from ...errors import BlogError, UsageError
from ...schemas.db import BackupFile

_SUFFIX = ".blogcli.gz"
_SUFFIXES = (_SUFFIX, ".blogcli")
NATIVE_SUFFIXES = (".db", ".dump")
_TIME = "%Y%m%dT%H%M%SZ"

__all__ = [
    "is_backup",
    "list_backups",
    "make_record",
    "native_path",
    "new_path",
    "parse_rules",
    "read_record",
    "remove_expired",
]


def new_path(folder: Path, name: str) -> Path:
    """Return the path of a new backup in a folder. Its name begins with `name` and contains the current time."""
    stem = f"{name}-{datetime.now(UTC):{_TIME}}"
    path = folder / f"{stem}{_SUFFIX}"
    number = 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{_SUFFIX}"
    return path


def is_backup(path: Path) -> bool:
    """Return whether a file is a backup of blogcli, judging by its header."""
    with suppress(BlogError):
        return bool(read_header(path))
    return False


def list_backups(folder: Path) -> list[BackupFile]:
    """Return the backups in a folder, newest first, and the files with the suffix of backups that cannot be read.

    Raises UsageError if the folder cannot be read.
    """
    try:
        paths = [path for path in folder.iterdir() if path.name.endswith(_SUFFIXES) and path.is_file()]
    except OSError as error:
        raise UsageError(f"Cannot read {folder}: {error.strerror}") from None
    backups = [backup for path in sorted(paths) if (backup := _describe(path))]
    return sorted(backups, key=lambda backup: backup.created_at, reverse=True)


def remove_expired(folder: Path, rules: Sequence[Rule], zone: tzinfo, *, blog: str | None, dry_run: bool) -> list[Path]:
    """Remove the backups of a blog that no rule keeps, and return their paths, oldest first.

    The native copies that belong to the backups are removed as well. Backups of other blogs, and files that cannot be
    read, are never removed. Raises BlogError if a file cannot be removed.
    """
    own = [backup for backup in list_backups(folder) if backup.problem is None and backup.blog == blog]
    expired = set(select_expired([backup.created_at for backup in own], rules, zone))
    paths = [Path(backup.file) for backup in reversed(own) if backup.created_at in expired]
    for path in paths if not dry_run else ():
        for companion in (path, *map(partial(native_path, path), NATIVE_SUFFIXES)):
            try:
                companion.unlink(missing_ok=True)
            except OSError as error:
                raise BlogError(f"Cannot remove {companion}: {error.strerror}") from None
    return paths


def native_path(path: Path, suffix: str) -> Path:
    """Return the path of the native copy that belongs to a backup: its path with the suffix `.db` or `.dump`."""
    stem = path.name.removesuffix(".gz").removesuffix(".blogcli")
    return path.with_name(f"{stem}{suffix}")


def read_record(path: Path) -> BackupFile:
    """Return the record of a backup file.

    Raises InvalidError if the file is not a backup, and UsageError if the file cannot be read.
    """
    return make_record(path, read_header(path))


def make_record(path: Path, header: Header) -> BackupFile:
    """Return the record of a backup file with a header."""
    return BackupFile(
        file=str(path),
        created_at=datetime.fromisoformat(header.created_at),
        size=path.stat().st_size if path.is_file() else None,
        blog=header.blog,
        revision=header.revision,
        users=header.counts.get("users", 0),
        posts=header.counts.get("posts", 0),
        tags=header.counts.get("tags", 0),
        program=header.program,
        problem=None,
    )


def _describe(path: Path) -> BackupFile | None:
    """Return the record of a file in a folder of backups, or None if another command has removed the file."""
    try:
        return read_record(path)
    except BlogError as error:
        try:
            status = path.stat()
        except OSError:
            return None
        return BackupFile(
            file=str(path),
            created_at=datetime.fromtimestamp(status.st_mtime, UTC),
            size=status.st_size,
            blog=None,
            revision=None,
            users=None,
            posts=None,
            tags=None,
            program=None,
            problem=error.message,
        )
