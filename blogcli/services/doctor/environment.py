"""Examine the settings, the files and the backups, without opening the database."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote

from ...enums import HealthLevel
from ...errors import BlogError, UsageError
from ...schemas.db import BackupFile
from ...schemas.doctor import Diagnosis
from ...settings import Settings
from ..config.query import list_settings
from ..db.backups import list_backups

# A difference of clocks that needs no correction.
MAX_CLOCK_DIFFERENCE = timedelta(seconds=5)
_MAX_BACKUP_AGE = timedelta(days=7)
_MIN_FREE_BYTES = 100_000_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def describe_settings(settings: Settings) -> Iterator[Diagnosis]:
    """Yield the value and the source of each setting. Passwords are replaced by `***`."""
    for setting in list_settings(settings):
        value = "not set" if setting.value is None else f"{setting.value} (from {setting.origin})"
        yield Diagnosis(code="setting", level=HealthLevel.OK, text=f"{setting.setting}: {value}")


def examine_files(path: Path | None, config: Path | None) -> Iterator[Diagnosis]:
    """Yield findings about the access rights of the config file and the SQLite file `path`, and about the disk.

    A path is ignored unless it refers to a regular file. Folders and devices such as /dev/null can belong to all users.
    """
    if config is not None and _is_regular_file(config):
        yield _examine_mode("config", config, reason="it can contain passwords")
    if path is None or not _is_regular_file(path):
        return
    yield _examine_mode("mode", path, reason="it contains password hashes and drafts")
    free = shutil.disk_usage(path.parent).free
    needed = max(_MIN_FREE_BYTES, 2 * path.stat().st_size)
    text = f"{free:,} bytes are free in {path.parent}"
    if free >= needed:
        yield Diagnosis(code="disk", level=HealthLevel.OK, text=text)
    else:
        level = HealthLevel.WARNING if free >= _MIN_FREE_BYTES else HealthLevel.ERROR
        repair = f"Free space in {path.parent}: upgrades and `blogcli db optimize --vacuum` need {needed:,} bytes"
        yield Diagnosis(code="disk", level=level, text=text, repair=repair)


def _is_regular_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # The path is too long, or one of its folders cannot be searched.
        return False


def _examine_mode(code: str, path: Path, *, reason: str) -> Diagnosis:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        text = f"Other users have rights on {path} (mode {mode:04o}), and {reason}"
        return Diagnosis(code=code, level=HealthLevel.WARNING, text=text, repair=f"chmod go= {quote(str(path))}")
    return Diagnosis(code=code, level=HealthLevel.OK, text=f"Only you have rights on {path} (mode {mode:04o})")


def examine_backups(folder: Path, blog: str | None, now: datetime, *, has_posts: bool) -> Diagnosis:
    """Return the finding about the newest backup of a blog in a folder. A blog without posts needs none.

    A folder that cannot be read and a backup from the future are reported in any case. A backup that does not contain
    the UUID of its blog, because it is old, is taken for a backup of this blog.
    """
    try:
        found = _list_backups(folder)
    except BlogError as error:
        repair = "blogcli config set backup_folder DIR"
        return Diagnosis(code="backup", level=HealthLevel.WARNING, text=error.message, repair=repair)
    backups = [backup for backup in found if backup.problem is None and backup.blog in (blog, None)]
    if not backups:
        level = HealthLevel.WARNING if has_posts else HealthLevel.OK
        text = f"There is no backup of this blog in {folder}"
        return Diagnosis(code="backup", level=level, text=text, repair=_backup_command(level))
    newest = backups[0]
    age = now - newest.created_at
    if age < -MAX_CLOCK_DIFFERENCE:
        text = f"The newest backup is from the future, {newest.created_at:%Y-%m-%d %H:%M %Z}: {newest.file}"
        repair = "Correct the clock, or move the file to another folder"
        return Diagnosis(code="backup", level=HealthLevel.WARNING, text=text, repair=repair)
    level = HealthLevel.WARNING if has_posts and age > _MAX_BACKUP_AGE else HealthLevel.OK
    text = f"The newest backup is {max(age.days, 0)} days old: {newest.file}"
    return Diagnosis(code="backup", level=level, text=text, repair=_backup_command(level))


def _list_backups(folder: Path) -> list[BackupFile]:
    """Return the backups in a folder, newest first, or none if the folder does not exist.

    Raises UsageError if the folder cannot be read, or if it is a file.
    """
    try:
        folder.stat()
    except (FileNotFoundError, ValueError):
        # A ValueError means that the path contains a null character, so that no such folder can exist.
        return []
    except OSError as error:
        raise UsageError(f"Cannot read {folder}: {error.strerror}") from None
    return list_backups(folder)


def _backup_command(level: HealthLevel) -> str | None:
    return None if level is HealthLevel.OK else "blogcli db backup"
