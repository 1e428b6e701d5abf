"""Examine the settings, the files and the backups, without opening the database."""

import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote

from ...enums import HealthLevel
from ...errors import mask_url
from ...schemas.doctor import Diagnosis
from ...settings import Settings
from ..db.backups import list_backups

_SETTINGS = ("database_url", "author", "format", "pager", "editor", "busy_timeout", "max_affected", "backup_folder")
_MAX_BACKUP_AGE = timedelta(days=7)
_MIN_FREE_BYTES = 100_000_000
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def describe_settings(settings: Settings) -> Iterator[Diagnosis]:
    """Yield the value and the source of each setting. Passwords are replaced by `***`."""
    values = {name: getattr(settings, name) for name in _SETTINGS}
    values["database_url"] = mask_url(settings.database_url)
    values["timezone"] = str(settings.zone)
    values["profile"] = settings.profile
    for name, value in values.items():
        source = settings.origins.get(name, "default")
        shown = "not set" if value is None else f"{value} (from {source})"
        yield Diagnosis(code="setting", level=HealthLevel.OK, text=f"{name}: {shown}")


def examine_files(path: Path | None, config: Path | None) -> Iterator[Diagnosis]:
    """Yield findings about the access rights of the config file and the SQLite file `path`, and about the disk."""
    if config is not None and config.exists():
        yield _examine_mode("config", config, reason="it can contain passwords")
    if path is None or not path.exists():
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


def _examine_mode(code: str, path: Path, *, reason: str) -> Diagnosis:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & _OTHERS:
        text = f"Other users have rights on {path} (mode {mode:04o}), and {reason}"
        return Diagnosis(code=code, level=HealthLevel.WARNING, text=text, repair=f"chmod go= {quote(str(path))}")
    return Diagnosis(code=code, level=HealthLevel.OK, text=f"Only you have rights on {path} (mode {mode:04o})")


def examine_backups(folder: Path, now: datetime, *, has_posts: bool) -> Diagnosis:
    """Return the finding about the age of the newest backup in a folder. A blog without posts needs none."""
    backups = [backup for backup in list_backups(folder) if backup.problem is None] if folder.is_dir() else []
    if not backups:
        level = HealthLevel.WARNING if has_posts else HealthLevel.OK
        text = f"There is no backup in {folder}"
        return Diagnosis(code="backup", level=level, text=text, repair=_backup_command(level))
    age = now - backups[0].created_at
    level = HealthLevel.WARNING if has_posts and age > _MAX_BACKUP_AGE else HealthLevel.OK
    text = f"The newest backup is {age.days} days old: {backups[0].file}"
    return Diagnosis(code="backup", level=level, text=text, repair=_backup_command(level))


def _backup_command(level: HealthLevel) -> str | None:
    return None if level is HealthLevel.OK else "blogcli db backup"
