"""Prepare stdin, stdout and stderr of the process for data and messages."""

import io
import os
import select
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

# The kernel stores the number of rows and of columns of a terminal in 16 bits each.
_MAX_SIZE = 0xFFFF


def prepare_streams() -> None:
    """Replace closed streams, make all streams blocking, and set their encodings.

    Also removes invalid terminal sizes from the environment.
    """
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # The caller has closed the stream, so stdin is empty, and output is discarded.
            mode = "r" if name == "stdin" else "w"
            null = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - the stream stays open
            setattr(sys, name, null)
        else:
            setattr(sys, name, _make_blocking(stream))
    # Data is UTF-8 in every locale. Messages may contain names of files that cannot be encoded.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    _remove_invalid_sizes()


def discard_stdout() -> None:
    """Discard the output that is still buffered, because writing it at exit would fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _BlockingFile(io.FileIO):
    """A file that waits for its descriptor even if another program has set the descriptor to non-blocking mode."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write all data, waiting until the descriptor accepts it, and return its size in bytes."""
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
        """Read data into the buffer, waiting until there is some, and return its size in bytes."""
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
    """Return a copy of a stream that waits for its file descriptor, or the stream itself if it has no descriptor."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if not isinstance(raw, io.FileIO) or isinstance(raw, _BlockingFile):
        return stream
    file = _BlockingFile(raw.fileno(), raw.mode, closefd=False)
    return io.TextIOWrapper(
        # With PYTHONUNBUFFERED a stream has no buffer.
        file if raw is stream.buffer else _buffered(file),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _buffered(file: _BlockingFile) -> io.BufferedReader | io.BufferedWriter:
    return io.BufferedReader(file) if file.readable() else io.BufferedWriter(file)


def _remove_invalid_sizes() -> None:
    """Remove COLUMNS and LINES from the environment if their values are not valid, so that the terminal is asked.

    A shell without a terminal, such as that of `docker exec`, sets them to 0.
    """
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name)
        if value is not None and not _is_size(value):
            del os.environ[name]


def _is_size(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 10 and 0 < int(value) <= _MAX_SIZE
