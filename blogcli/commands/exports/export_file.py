"""What is written to files, or to stdout in their place."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from ... import interchange
from ...cli.atomic_write import replacing, start_of
from ...cli.context import Invocation
from ...errors import ConflictError


def write_export(
    invocation: Invocation, target: Path, name: str, chunks: Iterable[str], *, force: bool, private: bool = False
) -> None:
    """Write a file in the format of that name, all of it or nothing, compressed if it ends in .gz; `-` is stdout.

    Raises UsageError where it cannot be written and, unless `force` is set, ConflictError for a file that is there
    and is not an earlier export in the same format.
    """
    if str(target) == "-":
        invocation.console.write(chunks)
        return
    if not force:
        _refuse_others(target, name)
    with replacing(target, private=private) as file:
        if target.suffix == ".gz":
            # Without name and time: the same posts give the same bytes.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(chunk.encode() for chunk in chunks)
        else:
            file.writelines(chunk.encode() for chunk in chunks)


def _refuse_others(target: Path, name: str) -> None:
    start = start_of(target, interchange.own_exports.START)
    # An empty file, such as mktemp makes, is there to be written.
    if start and not interchange.own_exports.is_own_export(name, start):
        raise ConflictError(
            f"{target} exists and is not an earlier export in this format",
            hint="Name another file, or replace this one with --force.",
        )
