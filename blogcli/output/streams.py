"""Prepare stdin, stdout and stderr of the process for data and messages."""

import io
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

# The maximum number of rows or columns of a terminal, because the kernel stores each of these numbers in 16 bits.
_MAX_SIZE = 0xFFFF


def prepare_streams() -> None:
    """Replace closed streams, make all streams blocking, and set their encodings.

    The function also removes invalid terminal sizes from the environment.
    """
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The parent process has closed the stream. The null device provides an empty stdin and discards output.
            mode = "r" if name == "stdin" else "w"
            null = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - the stream stays open until the process ends
            setattr(sys, name, null)
        else:
            setattr(sys, name, _make_blocking(stream))
    # Data is written in UTF-8 in every locale. Messages are written in the encoding of the locale. Characters that
    # cannot be encoded, such as characters in a file name, are escaped in messages.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    _remove_invalid_sizes()


def discard_stdout() -> None:
    """Redirect stdout to the null device.

    The caller does this after stdout could not be written, because Python writes the buffered output again at exit.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _BlockingFile(io.FileIO):
    """A file whose methods block even if another program has set its file descriptor to non-blocking mode."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write all data, waiting until the file descriptor accepts it, and return the size of the data in bytes."""
        remaining = memoryview(data).cast("B")
        size = remaining.nbytes
        while remaining:
            written = super().write(remaining)
            if written is None:
                select.select([], [self], [])
            else:
                remaining = remaining[written:]
        return size

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Wait until there is data, read data into the buffer, and return the number of bytes read."""
        while (count := super().readinto(buffer)) is None:
            select.select([self], [], [])
        return count

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes or, without a size, all data, by calling `readinto`."""
        return io.RawIOBase.read(self, -1 if size is None else size) or b""

    def readall(self) -> bytes:
        """Read all data by calling `readinto`."""
        return io.RawIOBase.readall(self) or b""


def _make_blocking(stream: object) -> object:
    """Return a blocking stream for the same file descriptor, or `stream` itself if it has no file descriptor."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if not isinstance(raw, io.FileIO) or isinstance(raw, _BlockingFile):
        return stream
    file = _BlockingFile(raw.fileno(), raw.mode, closefd=False)
    return io.TextIOWrapper(
        # If PYTHONUNBUFFERED is set, the original stream has no buffer, so the new stream gets no buffer either.
        file if raw is stream.buffer else _buffered(file),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _buffered(file: _BlockingFile) -> io.BufferedReader | io.BufferedWriter:
    return io.BufferedReader(file) if file.readable() else io.BufferedWriter(file)


def _remove_invalid_sizes() -> None:
    """Remove invalid values of COLUMNS and LINES from the environment, so that the size of the terminal is used.

    A shell without a terminal, such as the shell of `docker exec`, sets both variables to 0.
    """
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name)
        if value is not None and not _is_size(value):
            del os.environ[name]


def _is_size(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10 and 0 < int(value) <= _MAX_SIZE
