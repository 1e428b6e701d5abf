"""What is written to files, or to stdout in their place."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from .files import replacing
from .invocation import Invocation


def write_file(invocation: Invocation, target: Path, chunks: Iterable[str], *, private: bool = False) -> None:
    """Write a file, all of it or nothing, compressed if its name ends in .gz; `-` is stdout.

    Raises UsageError where it cannot be written.
    """
    if str(target) == "-":
        invocation.console.write(chunks)
        return
    with replacing(target, private=private) as file:
        if target.suffix == ".gz":
            # Without name and time: the same posts give the same bytes.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(chunk.encode() for chunk in chunks)
        else:
            file.writelines(chunk.encode() for chunk in chunks)
