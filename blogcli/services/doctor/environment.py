"""Examine the settings, the files and the backups, without opening the database."""

import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote

from ...directories import data_home
from ...enums import HealthLevel
from ...errors import ConfigurationError, mask_url
from ...schemas.doctor import Diagnosis
from ...settings import Settings

_SETTINGS = ("database_url", "author", "format", "pager", "editor", "busy_timeout", "max_affected")
_BACKUP_SUFFIXES = (".blogcli", ".blogcli.gz", ".blogcli.xz")
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


def find_newest_backup() -> tuple[Path, datetime] | None:
    """Return the path and the time of the newest backup in the folder of backups, or None if there is no backup."""
    try:
        folder = data_home() / "blogcli" / "backups"
        paths = [path for path in folder.iterdir() if path.name.endswith(_BACKUP_SUFFIXES)]
        times = {path: path.stat().st_mtime for path in paths}
    except (ConfigurationError, OSError):
        return None
    if not times:
        return None
    newest = max(times, key=times.__getitem__)
    return newest, datetime.fromtimestamp(times[newest], UTC)


def examine_backups(now: datetime, *, has_posts: bool) -> Diagnosis:
    """Return the finding about the age of the newest backup. A blog without posts needs none."""
    newest = find_newest_backup()
    if newest is None:
        level = HealthLevel.WARNING if has_posts else HealthLevel.OK
        return Diagnosis(code="backup", level=level, text="There is no backup", repair=_backup_command(level))
    path, time = newest
    age = now - time
    level = HealthLevel.WARNING if has_posts and age > _MAX_BACKUP_AGE else HealthLevel.OK
    text = f"The newest backup is {age.days} days old: {path}"
    return Diagnosis(code="backup", level=level, text=text, repair=_backup_command(level))


def _backup_command(level: HealthLevel) -> str | None:
    return None if level is HealthLevel.OK else "blogcli db backup"
