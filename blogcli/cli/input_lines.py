"""Read an input line by line, in constant memory."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import InvalidError, UsageError
from .prompts import refuse_terminal

# The maximum length of a line in bytes.
MAX_LINE = 16_000_000


@contextmanager
def open_input(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or stdin for `-`, for reading in parts.

    Raises UsageError if the file cannot be opened or stdin is a terminal.
    """
    if str(path) == "-":
        refuse_terminal(sys.stdin)
        yield sys.stdin.buffer
        return
    try:
        file = path.open("rb")
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}") from None
    with file:
        yield file


def read_lines(stream: BinaryIO, name: str, *, max_size: int = MAX_LINE) -> Iterator[bytes]:
    """Yield the lines of a stream, each as soon as it has been read. `name` is the name of the stream in messages.

    Raises UsageError if the stream cannot be read, and InvalidError if a line is too long.
    """
    number = 0
    try:
        while line := stream.readline(max_size + 1):
            number += 1
            if len(line) > max_size:
                raise InvalidError(f"line {number}: more than {max_size:,} bytes")
            yield line
    except OSError as error:
        raise UsageError(f"Cannot read {name}: {error.strerror}") from None
