"""Files that are written whole or not at all."""

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE, S_ISREG
from typing import BinaryIO

from ..errors import BlogError, UsageError
from ..signals import ended_in_order

_SQLITE = b"SQLite format 3\0"
# What SQLite keeps beside a database while it is in use.
_COMPANIONS = ("-wal", "-shm", "-journal")
# What is open already, whatever it leads to.
_OPENED = {Path("/dev/stdout"), Path("/dev/stderr")}
_FOLDERS_OF_OPENED = {Path("/dev/fd"), Path("/proc/self/fd")}
# The content is written in many small parts.
_BUFFER = 256 * 1024
_TEMPORARY = re.compile(r"\.blogcli-[0-9a-f]{16}")
# The target cannot be written, whatever the content; every other failure is one of the system.
_UNUSABLE_TARGET = {
    errno.EACCES, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR,
    errno.ENXIO, errno.EPERM, errno.EROFS, errno.ETXTBSY,
}  # fmt: skip


def write_error(target: object, error: OSError) -> BlogError:
    """Return the error to raise when a file cannot be written: UsageError if another target would do."""
    kind = UsageError if error.errno in _UNUSABLE_TARGET else BlogError
    return kind(f"Cannot write {target}: {error.strerror}")


@contextmanager
def replacing(target: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a file that takes the place of the target, with its mode, once it is complete and on the disk.

    A private file is readable by its owner only. Links are followed; pipes and devices are written to as they are.
    Raises UsageError for a target that cannot be written, and BlogError where writing fails.
    """
    try:
        if _is_stream(target):
            # Where it leads to a file after all, what is there stays.
            with target.open("ab") as stream:
                yield stream
            return
        place = Path(os.path.realpath(target))
        _refuse_precious(place)
        remove_stale_files(place.parent)
        with ended_in_order(), _temporary(place, private=private) as file:
            yield file
        sync_folder(place.parent)
    except OSError as error:
        raise write_error(target, error) from None


def write_whole(place: Path, content: bytes) -> None:
    """Write a file atomically; the caller has to call `sync_folder` for its folder.

    May be called in any thread. Raises OSError.
    """
    with _temporary(place, private=False) as file:
        file.write(content)


def start_of(target: Path, size: int) -> bytes:
    """Return the first bytes of a regular file, or no bytes if there is no such file."""
    try:
        if not target.is_file() or _is_stream(target):
            return b""
        with target.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise write_error(target, error) from None


def sync_folder(folder: Path) -> None:
    """Let the names of the files in a folder survive a power cut."""
    # Some file systems do not allow it; the files themselves are on the disk.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_stale_files(folder: Path) -> None:
    """Remove the temporary files that killed processes have left in a folder."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _TEMPORARY.fullmatch(entry.name):
                _remove_unless_in_use(entry.path)


def _remove_unless_in_use(name: str) -> None:
    with suppress(OSError):
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if S_ISREG(status.st_mode) and status.st_uid == os.geteuid():
                # The process that writes it holds this lock until it ends, however that is.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(name)  # noqa: PTH108 - one of many, named by scandir
        finally:
            os.close(descriptor)


def _is_stream(target: Path) -> bool:
    is_opened = target in _OPENED or target.parent in _FOLDERS_OF_OPENED
    return target.exists() and (is_opened or not (target.is_file() or target.is_dir()))


@contextmanager
def _temporary(place: Path, *, private: bool) -> Iterator[BinaryIO]:
    path, file = _open_temporary(place.parent, 0o600 if private else 0o666)
    try:
        with file:
            yield file
            file.flush()
            if not private and place.is_file():
                os.fchmod(file.fileno(), S_IMODE(place.stat().st_mode))
            # Without it, a power cut could leave neither the old content nor the new one.
            os.fsync(file.fileno())
            path.replace(place)
    finally:
        path.unlink(missing_ok=True)


def _open_temporary(folder: Path, mode: int) -> tuple[Path, BinaryIO]:
    while True:
        # The name is random, so that another user cannot have placed a link there.
        path = folder / f".blogcli-{os.urandom(8).hex()}"
        file = open(path, "xb", _BUFFER, opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Another process has taken the file for a stale one before it was locked, and removes it.
            file.close()
            continue
        except OSError:
            # This file system has no locks, so that no process can take the file for a stale one either.
            return path, file
        if path.exists():
            return path, file
        file.close()


def _refuse_precious(place: Path) -> None:
    """Raise UsageError for a target that must not be overwritten: a folder, a read-only file, or a database."""
    if place.is_dir():
        raise UsageError(f"Cannot write {place}: it is a folder")
    for companion in _COMPANIONS:
        database = place.with_name(place.name.removesuffix(companion)) if place.name.endswith(companion) else None
        if database and database.name and start_of(database, len(_SQLITE)) == _SQLITE:
            raise UsageError(f"Cannot write {place}: it belongs to the database {database}", hint="Name another file.")
    if not place.is_file():
        return
    if not os.access(place, os.W_OK):
        raise UsageError(f"Cannot write {place}: it is read-only")
    if start_of(place, len(_SQLITE)) == _SQLITE:
        raise UsageError(f"Cannot write {place}: it is a database", hint="Name another file.")
