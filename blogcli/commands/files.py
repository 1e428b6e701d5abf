"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_IMODE
from typing import BinaryIO

from ..errors import UsageError
from ..runner import ended_in_order

_SQLITE = b"SQLite format 3\0"
# What is open already, whatever it leads to.
_OPENED = {Path("/dev/stdout"), Path("/dev/stderr")}
_FOLDERS_OF_OPENED = {Path("/dev/fd"), Path("/proc/self/fd")}
# What is written comes in many small parts.
_BUFFER = 256 * 1024


@contextmanager
def replacing(target: Path, *, private: bool = False) -> Iterator[BinaryIO]:
    """A file that takes the place of the target when it is whole, with its mode; private ones are their owner's alone.

    Links are followed; pipes and devices are written to as they are. Raises UsageError where it cannot be written.
    """
    try:
        if _is_stream(target):
            # Where it leads to a file after all, what is there stays.
            with target.open("ab") as stream:
                yield stream
            return
        place = Path(os.path.realpath(target))
        _refuse_precious(place)
        with ended_in_order(), _half(place, private=private) as file:
            yield file
    except OSError as error:
        raise UsageError(f"Cannot write {target}: {error.strerror}") from None


def _is_stream(target: Path) -> bool:
    is_opened = target in _OPENED or target.parent in _FOLDERS_OF_OPENED
    return target.exists() and (is_opened or not (target.is_file() or target.is_dir()))


@contextmanager
def _half(place: Path, *, private: bool) -> Iterator[BinaryIO]:
    # A name that nobody can have put a link in the place of.
    half = place.with_name(f".blogcli-{os.urandom(8).hex()}")
    mode = 0o600 if private else 0o666
    try:
        with open(half, "xb", _BUFFER, opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
        if place.is_file() and not private:
            half.chmod(S_IMODE(place.stat().st_mode))
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


def _refuse_precious(place: Path) -> None:
    """UsageError for what nobody can mean: a folder, a file that may not be written, or a database."""
    if place.is_dir():
        raise UsageError(f"Cannot write {place}: it is a folder")
    if not place.is_file():
        return
    if not os.access(place, os.W_OK):
        raise UsageError(f"Cannot write {place}: it is read-only")
    with place.open("rb") as file:
        if file.read(len(_SQLITE)) == _SQLITE:
            raise UsageError(f"Cannot write {place}: it is a database", hint="Name another file.")
