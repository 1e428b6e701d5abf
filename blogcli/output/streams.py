"""Prepare the process's own streams for data and messages."""

import io
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

# The kernel keeps the size of a terminal in 16 bits.
_MAX_SIZE = 0xFFFF


def prepare_streams() -> None:
    """Replace streams that are closed, and set how stdin, stdout and stderr encode, wait and lay out."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The caller closed the stream, so there is nothing to read, and output is discarded.
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
        else:
            setattr(sys, name, _patient(stream))
    # Whatever the locale says, machine formats are UTF-8, and names that are not Unicode pass through messages.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    _forget_senseless_sizes()


def discard_stdout() -> None:
    """Send what is still buffered for stdout nowhere: it would raise again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _PatientFile(io.FileIO):
    """A file that waits where its descriptor does not, as that of a pipe that another program has set so."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write all of the data, as soon as there is room for it."""
        rest = memoryview(data).cast("B")
        size = rest.nbytes
        while rest:
            written = super().write(rest)
            if written is None:
                select.select([], [self], [])
            else:
                rest = rest[written:]
        return size

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read some data, as soon as there is any."""
        while (count := super().readinto(buffer)) is None:
            select.select([self], [], [])
        return count

    def read(self, size: int | None = -1, /) -> bytes:
        """Read some data or, without a size, all of it, by way of `readinto`."""
        return io.RawIOBase.read(self, -1 if size is None else size) or b""

    def readall(self) -> bytes:
        """Read all data, by way of `readinto`."""
        return io.RawIOBase.readall(self) or b""


def _patient(stream: object) -> object:
    """Return a stream like this one that waits for its descriptor, if it has one."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if not isinstance(raw, io.FileIO) or isinstance(raw, _PatientFile):
        return stream
    file = _PatientFile(raw.fileno(), raw.mode, closefd=False)
    return io.TextIOWrapper(
        # With PYTHONUNBUFFERED a stream has no buffer.
        file if raw is stream.buffer else _buffered(file),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _buffered(file: _PatientFile) -> io.BufferedReader | io.BufferedWriter:
    return io.BufferedReader(file) if file.readable() else io.BufferedWriter(file)


def _forget_senseless_sizes() -> None:
    """Remove COLUMNS and LINES from the environment where they hold no size: the terminal itself is asked then.

    A shell without a terminal, such as that of `docker exec`, sets them to 0.
    """
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name)
        if value is not None and not _is_size(value):
            del os.environ[name]


def _is_size(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10 and 0 < int(value) <= _MAX_SIZE
