"""What is written to files, or to stdout in their place."""

import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import UsageError
from .invocation import Invocation


def write_file(invocation: Invocation, target: Path, chunks: Iterable[str], *, private: bool = False) -> None:
    """Write a file, all of it or nothing, compressed if its name ends in .gz; `-` is stdout.

    Raises UsageError where it cannot be written.
    """
    if str(target) == "-":
        invocation.console.write(chunks)
        return
    with replacing(target, mode=0o600 if private else 0o666) as file:
        if target.suffix == ".gz":
            # Without name and time: the same posts give the same bytes.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(chunk.encode() for chunk in chunks)
        else:
            file.writelines(chunk.encode() for chunk in chunks)


@contextmanager
def replacing(target: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file that takes the place of the target when it is whole; UsageError where it cannot be written."""
    half = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        half.touch(mode=mode)
        with half.open("wb") as file:
            yield file
        half.replace(target)
    except OSError as error:
        raise UsageError(f"Cannot write {target}: {error.strerror}") from None
    finally:
        half.unlink(missing_ok=True)
