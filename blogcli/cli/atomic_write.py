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
# The suffixes of the files that SQLite creates next to a database while the database is in use.
_COMPANION_SUFFIXES = ("-wal", "-shm", "-journal")
# Paths that refer to open file descriptors of the process, and folders of such paths. The paths cannot be replaced, so
# data is written directly to the file descriptors.
_DESCRIPTORS = {Path("/dev/stdout"), Path("/dev/stderr")}
_DESCRIPTOR_FOLDERS = {Path("/dev/fd"), Path("/proc/self/fd")}
# The size of the write buffer in bytes. The buffer is large, because the content is written in many small parts.
_BUFFER_SIZE = 256 * 1024
_TEMPORARY = re.compile(r"\.blogcli-[0-9a-f]{16}")
# The numbers of errors that the user can avoid by choosing another target. Such an error is a usage error. Any other
# error, such as a full disk, is a failure of the system.
_TARGET_ERRORS = {
    errno.EACCES, errno.EINVAL, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOENT, errno.ENOTDIR,
    errno.ENXIO, errno.EPERM, errno.EROFS, errno.ETXTBSY,
}  # fmt: skip


def write_error(target: object, error: OSError) -> BlogError:
    """Return the error to raise if the target cannot be written.

    The error is a UsageError if the user can avoid it by choosing another target, and otherwise a BlogError.
    """
    kind = UsageError if error.errno in _TARGET_ERRORS else BlogError
    return kind(f"Cannot write {target}: {error.strerror}")


def check_target(target: Path) -> None:
    """Raise the UsageError that `replace_file` would raise for a target, as far as it can be known before."""
    try:
        if _is_stream(target):
            return
        path = Path(os.path.realpath(target))
        _refuse_protected_target(path)
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise write_error(target, error) from None


@contextmanager
def replace_file(target: Path, *, private: bool = False, may_be_database: bool = False) -> Iterator[BinaryIO]:
    """Yield a temporary file that replaces the target at the end of the block.

    If `private` is set, only the owner can read the new file. Otherwise, the new file gets the mode of the replaced
    file, if there is one. If the block raises an exception, the target is not changed. If the target is a symbolic
    link, the file to which the link refers is replaced. If the target is a pipe, a device or an open file descriptor,
    data is written directly to the target. A database is replaced only if `may_be_database` is set. Raises UsageError
    if the user has to choose another target, and BlogError for any other error, such as a full disk.
    """
    try:
        if _is_stream(target):
            # The target may be a file descriptor that refers to a file. Append mode keeps the content of such a file.
            with target.open("ab") as stream:
                yield stream
            return
        path = Path(os.path.realpath(target))
        if not may_be_database:
            _refuse_protected_target(path)
        remove_stale_files(path.parent)
        with raising_on_termination(), _temporary_file(path, private=private) as file:
            yield file
        sync_folder(path.parent)
    except OSError as error:
        raise write_error(target, error) from None


def write_atomically(path: Path, content: bytes, *, folder: int | None = None) -> None:
    """Write the content to a file atomically.

    If `folder` is the descriptor of an open folder, a relative path is relative to this folder. The caller has to call
    `sync_folder` afterwards for the folder of the file. This function may be called in any thread. Raises OSError if
    the file cannot be written.
    """
    with _temporary_file(path, private=False, folder=folder) as file:
        file.write(content)


def read_start(target: Path, size: int) -> bytes:
    """Return the first `size` bytes of the target, or no bytes if the target is not a regular file.

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
    """Write the entries of a folder to the disk, so that a power failure does not undo the renaming of files."""
    # Some file systems cannot sync a folder. The error is ignored, because the contents of the files are on the disk.
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
                # A process locks the temporary file that it writes. The kernel releases the lock when the process ends.
                # So `flock` raises OSError if the file is still being written.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(name)  # noqa: PTH108 - scandir returns names, not Path objects
        finally:
            os.close(descriptor)


def _is_stream(target: Path) -> bool:
    """Return whether the target is an open file descriptor, a pipe or a device, none of which can be replaced."""
    is_descriptor = target in _DESCRIPTORS or target.parent in _DESCRIPTOR_FOLDERS
    return target.exists() and (is_descriptor or not (target.is_file() or target.is_dir()))


@contextmanager
def _temporary_file(target: Path, *, private: bool, folder: int | None = None) -> Iterator[BinaryIO]:
    """Yield a temporary file in the folder of the target, and rename the file to the target at the end of the block."""
    path, file = _open_temporary_file(target.parent, 0o600 if private else 0o666, folder=folder)
    try:
        with file:
            yield file
            file.flush()
            status = _status(target, folder)
            if not private and status and S_ISREG(status.st_mode):
                os.fchmod(file.fileno(), S_IMODE(status.st_mode))
            # Without fsync, a power failure after the renaming could destroy both the old and the new content.
            os.fsync(file.fileno())
            os.replace(path, target, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(path, dir_fd=folder)


def _status(path: Path, folder: int | None) -> os.stat_result | None:
    with suppress(OSError):
        return os.stat(path, dir_fd=folder)
    return None


def _open_temporary_file(parent: Path, mode: int, *, folder: int | None) -> tuple[Path, BinaryIO]:
    """Create and lock a temporary file, and return its path and the open file.

    If `folder` is the descriptor of an open folder, a relative path is relative to this folder.
    """
    while True:
        # The name is random, so that no other user can predict the name and create a link with it.
        path = parent / f".blogcli-{os.urandom(8).hex()}"
        file = open(  # noqa: SIM115 - the caller closes the file
            path, "xb", _BUFFER_SIZE, opener=lambda name, flags: os.open(name, flags, mode, dir_fd=folder)
        )
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Another process considers the new file stale and is removing the file. So the loop creates another file.
            file.close()
            continue
        except OSError:
            # The file system does not support locks. No other process removes this file, because a process has to lock
            # a stale file before it removes the file.
            return path, file
        if _status(path, folder):
            return path, file
        file.close()


def _refuse_protected_target(path: Path) -> None:
    """Raise UsageError if the path must not be overwritten.

    Folders, read-only files, SQLite databases, and the files that SQLite creates next to a database are protected.
    """
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
