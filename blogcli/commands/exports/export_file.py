"""Write an export to a file or to stdout."""

import gzip
from collections.abc import Iterable
from pathlib import Path

from ... import interchange
from ...cli.atomic_write import read_start, replace_file
from ...cli.context import CliContext
from ...errors import ConflictError


def write_export(
    context: CliContext, target: Path, format_name: str, chunks: Iterable[str], *, force: bool, private: bool = False
) -> None:
    """Write an export to a file, or to stdout if the target is `-`.

    The output is compressed if the name of the file ends in .gz. An existing file is replaced only after the new file
    has been written completely.

    Raises UsageError if the file cannot be written. Raises ConflictError if the file exists and is not an earlier
    export in this format, unless `force` is true.
    """
    if str(target) == "-":
        context.console.write(chunks)
        return
    if not force:
        _check_target(target, format_name)
    with replace_file(target, private=private) as file:
        if target.suffix == ".gz":
            # The header of the gzip file contains neither a name nor a time, so that the same posts always produce the
            # same bytes.
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as compressed:
                compressed.writelines(chunk.encode() for chunk in chunks)
        else:
            file.writelines(chunk.encode() for chunk in chunks)


def _check_target(target: Path, format_name: str) -> None:
    start = read_start(target, interchange.own_exports.START_SIZE)
    # An empty file, such as mktemp creates, may be overwritten, because it contains nothing that could be lost.
    if start and not interchange.own_exports.is_own_export(format_name, start):
        raise ConflictError(
            f"{target} exists and is not an earlier export in this format",
            hint="Name another file, or use --force to replace this one.",
        )
