"""Write files atomically: completely or not at all."""

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
from ..signals import raising_on_termination

_SQLITE = b"SQLite format 3\0"
# The suffixes of the files that SQLite creates next to a database while it is in use.
_COMPANION_SUFFIXES = ("-wal", "-shm", "-journal")
# The paths of file descriptors that are open already.
_DESCRIPTORS = {Path("/dev/stdout"), Path("/dev/stderr")}
_DESCRIPTOR_FOLDERS = {Path("/dev/fd"), Path("/proc/self/fd")}
# A large buffer, because the content is written in many small parts.
_BUFFER_SIZE = 256 * 1024
_TEMPORARY = re.compile(r"\.blogcli-[0-9a-f]{16}")
# The errors that another target would not have. Other errors, such as a full disk, are failures of the system.
_TARGET_ERRORS = {
    errno.EACCES, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR,
    errno.ENXIO, errno.EPERM, errno.EROFS, errno.ETXTBSY,
}  # fmt: skip


def write_error(target: object, error: OSError) -> BlogError:
    """Return the error to raise if a file cannot be written: UsageError if another target may be used instead."""
    kind = UsageError if error.errno in _TARGET_ERRORS else BlogError
    return kind(f"Cannot write {target}: {error.strerror}")


@contextmanager
def replace_file(target: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """Yield a temporary file, which replaces the target and takes over its mode at the end of the block.

    If the block raises an exception, the target is unchanged. A private file is readable by its owner only. Symbolic
    links are followed. Pipes, devices and open file descriptors are not replaced but written to. Raises UsageError if
    the target cannot be written, and BlogError if writing fails.
    """
    try:
        if _is_stream(target):
            # An open file descriptor may belong to a file, to which the content is appended.
            with target.open("ab") as stream:
                yield stream
            return
        path = Path(os.path.realpath(target))
        _refuse_protected_target(path)
        remove_stale_files(path.parent)
        with raising_on_termination(), _temporary_file(path, private=private) as file:
            yield file
        sync_folder(path.parent)
    except OSError as error:
        raise write_error(target, error) from None


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file atomically.

    The caller has to call `sync_folder` for its folder afterwards. The function may be called in any thread. Raises
    OSError.
    """
    with _temporary_file(path, private=False) as file:
        file.write(content)


def read_start(target: Path, size: int) -> bytes:
    """Return the first bytes of a regular file, or no bytes if there is no such file.

    Raises UsageError or BlogError if the file cannot be read.
    """
    try:
        if not target.is_file() or _is_stream(target):
            return b""
        with target.open("rb") as file:
            return file.read(size)
    except OSError as error:
        raise write_error(target, error) from None


def sync_folder(folder: Path) -> None:
    """Write the entries of a folder to the disk, so that renamed files keep their names after a power failure."""
    # Some file systems do not support this. The contents of the files were written to the disk before.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def remove_stale_files(folder: Path) -> None:
    """Remove the temporary files that killed processes have left in a folder.

    Files that another process is still writing are not removed.
    """
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
                # The process that writes the file holds this lock, which the kernel releases when the process ends.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(name)  # noqa: PTH108 - scandir returns names, not Path objects
        finally:
            os.close(descriptor)


def _is_stream(target: Path) -> bool:
    """Return whether a target is an open file descriptor, a pipe or a device, which cannot be replaced."""
    is_descriptor = target in _DESCRIPTORS or target.parent in _DESCRIPTOR_FOLDERS
    return target.exists() and (is_descriptor or not (target.is_file() or target.is_dir()))


@contextmanager
def _temporary_file(target: Path, *, private: bool) -> Iterator[BinaryIO]:
    """Yield a temporary file in the folder of the target, and rename it to the target at the end of the block."""
    path, file = _open_temporary_file(target.parent, 0o600 if private else 0o666)
    try:
        with file:
            yield file
            file.flush()
            if not private and target.is_file():
                os.fchmod(file.fileno(), S_IMODE(target.stat().st_mode))
            # Without this call, a power failure could destroy both the old and the new content.
            os.fsync(file.fileno())
            path.replace(target)
    finally:
        path.unlink(missing_ok=True)


def _open_temporary_file(folder: Path, mode: int) -> tuple[Path, BinaryIO]:
    """Create and lock a temporary file in a folder, and return its path and the open file."""
    while True:
        # The name is random, so that another user cannot have created a link with this name.
        path = folder / f".blogcli-{os.urandom(8).hex()}"
        file = open(  # noqa: SIM115 - the caller closes the file
            path, "xb", _BUFFER_SIZE, opener=lambda name, flags: os.open(name, flags, mode)
        )
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Before the file was locked, another process took it for a stale file and is removing it.
            file.close()
            continue
        except OSError:
            # Without locks on this file system, no other process can take the file for a stale file either.
            return path, file
        if path.exists():
            return path, file
        file.close()


def _refuse_protected_target(path: Path) -> None:
    """Raise UsageError for a path that must not be overwritten: a folder, a read-only file or a database."""
    if path.is_dir():
        raise UsageError(f"Cannot write {path}: it is a folder")
    for suffix in _COMPANION_SUFFIXES:
        database = path.with_name(path.name.removesuffix(suffix)) if path.name.endswith(suffix) else None
        if database and database.name and read_start(database, len(_SQLITE)) == _SQLITE:
            raise UsageError(
                f"Cannot write {path}: it belongs to the database {database}", hint="Use another file name."
            )
    if not path.is_file():
        return
    if not os.access(path, os.W_OK):
        raise UsageError(f"Cannot write {path}: it is read-only")
    if read_start(path, len(_SQLITE)) == _SQLITE:
        raise UsageError(f"Cannot write {path}: it is a database", hint="Use another file name.")
