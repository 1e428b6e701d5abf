"""Name, list and remove the backup files in a folder."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from ...archive.reader import read_header
from ...archive.records import Header
from ...archive.retention import Rule, parse_rules, select_expired
from ...errors import BlogError, UsageError
from ...schemas.db import BackupFile

_SUFFIX = ".blogcli.gz"
_SUFFIXES = (_SUFFIX, ".blogcli")
# No other program writes files with these suffixes, so that the files next to a backup belong to it.
_NATIVE_SUFFIXES = (".native.db", ".native.dump")
# The names contain microseconds, so that two commands at the same time choose different names.
_TIME = "%Y%m%dT%H%M%S.%fZ"
_NOT_IN_NAMES = re.compile(r"[^\w.-]+", re.ASCII)
_MAX_NAME = 60

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


def new_path(folder: Path, profile: str | None, infix: str = "") -> Path:
    """Return the path of a new backup in a folder. Its name contains the profile, `infix` and the current time.

    Characters of the profile that are not common in file names are replaced.
    """
    prefix = _NOT_IN_NAMES.sub("-", profile or "").strip(".-")[:_MAX_NAME] or "blog"
    return folder / f"{prefix}{infix}-{datetime.now(UTC):{_TIME}}{_SUFFIX}"


def is_backup(path: Path) -> bool:
    """Return whether a file is a backup of blogcli, judging by its header."""
    with suppress(BlogError):
        return bool(read_header(path))
    return False


def list_backups(folder: Path) -> list[BackupFile]:
    """Return the backups in a folder, newest first, and the files with the suffix of backups that cannot be read.

    Raises UsageError if the folder cannot be read.
    """
    return [backup for _, backup in _scan(folder)]


def remove_expired(
    path: Path,
    newest: BackupFile,
    rules: Sequence[Rule],
    zone: tzinfo,
    *,
    database: Path | None,
    dry_run: bool,
) -> list[Path]:
    """Remove the backups that no rule keeps, and return the paths of the removed files, oldest first.

    `newest` is the backup that was made last, in the file `path`. It is always kept, and only backups of the same blog
    in the same folder are removed, together with their native copies. Files that cannot be read, and the file
    `database`, are never removed. Raises BlogError if a file cannot be removed.
    """
    # In a dry run, the folder need not exist.
    others = [
        (other, backup)
        for other, backup in (_scan(path.parent) if newest.blog and path.parent.exists() else ())
        if backup.problem is None and backup.blog == newest.blog and other.name != path.name
    ]
    times = [newest.created_at, *(backup.created_at for _, backup in others)]
    expired = set(select_expired(times, rules, zone))
    old = [other for other, backup in reversed(others) if backup.created_at in expired]
    files = [file for other in old for file in _files_of(other, database)]
    for file in files if not dry_run else ():
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise BlogError(f"Cannot remove {file}: {error.strerror}") from None
    return files


def _scan(folder: Path) -> list[tuple[Path, BackupFile]]:
    """Return the paths and the records of the backups in a folder, newest first."""
    try:
        paths = [path for path in folder.iterdir() if path.name.endswith(_SUFFIXES) and path.is_file()]
    except OSError as error:
        raise UsageError(f"Cannot read {folder}: {error.strerror}") from None
    backups = [(path, backup) for path in sorted(paths) if (backup := _describe(path))]
    return sorted(backups, key=lambda pair: pair[1].created_at, reverse=True)


def _files_of(path: Path, database: Path | None) -> Iterator[Path]:
    """Yield a backup and its native copies, except for the file `database`."""
    yield path
    for suffix in _NATIVE_SUFFIXES:
        copy = native_path(path, suffix)
        if copy.exists() and not (database and database.exists() and copy.samefile(database)):
            yield copy


def native_path(path: Path, suffix: str) -> Path:
    """Return the path of the native copy that belongs to a backup, whose suffix is `.native.db` or `.native.dump`."""
    stem = path.name.removesuffix(".gz").removesuffix(".blogcli")
    return path.with_name(f"{stem}{suffix}")


def read_record(path: Path) -> BackupFile:
    """Return the record of a backup file.

    Raises InvalidError if the file is not a backup, and UsageError if the file cannot be read.
    """
    return make_record(path, read_header(path))


def make_record(path: Path, header: Header, *, is_written: bool = True) -> BackupFile:
    """Return the record of a backup file with a header. The size is unknown if the file is not written."""
    return BackupFile(
        file=_printable(path),
        created_at=datetime.fromisoformat(header.created_at),
        size=path.stat().st_size if is_written and path.is_file() else None,
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
            file=_printable(path),
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


def _printable(path: Path) -> str:
    """Return a path in which bytes that are not valid UTF-8 are replaced."""
    return os.fsencode(path).decode(errors="replace")
