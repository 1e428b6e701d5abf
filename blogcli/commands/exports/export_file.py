"""Write an export to a file or to stdout."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from ... import interchange
from ...cli.atomic_write import replacing, start_of
from ...cli.context import CliContext
from ...errors import ConflictError


def write_export(
    invocation: CliContext, target: Path, format_name: str, chunks: Iterable[str], *, force: bool, private: bool = False
) -> None:
    """Write an export to a file, or to stdout if the target is `-`; compress a file whose name ends in .gz.

    An existing file is replaced when the new one is complete. Raises UsageError if the file cannot be written. Raises
    ConflictError if the file exists and is not an earlier export in this format, unless `force` is set.
    """
    if str(target) == "-":
        invocation.console.write(chunks)
        return
    if not force:
        _check_target(target, format_name)
    with replacing(target, private=private) as file:
        if target.suffix == ".gz":
            # Without a name and a time, the same posts always result in the same bytes.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                packed.writelines(chunk.encode() for chunk in chunks)
        else:
            file.writelines(chunk.encode() for chunk in chunks)


def _check_target(target: Path, format_name: str) -> None:
    start = start_of(target, interchange.own_exports.START_SIZE)
    # An empty file, such as mktemp creates, may be overwritten.
    if start and not interchange.own_exports.is_own_export(format_name, start):
        raise ConflictError(
            f"{target} exists and is not an earlier export in this format",
            hint="Name another file, or use --force to replace this one.",
        )
