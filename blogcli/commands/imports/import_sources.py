"""Open the sources of an import: files, folders, stdin and other pipes."""

import os
import stat
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

from ... import interchange
from ...cli.prompts import refuse_terminal
from ...errors import UsageError

if TYPE_CHECKING:
    from ...interchange.sources import Source


def sources_at(paths: list[Path], stack: ExitStack) -> "list[Source]":
    """Return the sources at the given paths. The path `-` means stdin.

    The contents of pipes are copied to temporary files, which exist until `stack` is closed. Raises UsageError for a
    path that does not exist or cannot be read.
    """
    return [_source_at(path, stack) for path in paths]


def _source_at(path: Path, stack: ExitStack) -> "Source":
    source = interchange.sources.Source
    is_stdin = str(path) == "-"
    try:
        if not is_stdin and (path.is_file() or path.is_dir() or not path.exists()):
            return source.at(path)
        # The file has no name, so it does not remain if the process is killed.
        copy = stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack closes the file
        with nullcontext(sys.stdin) if is_stdin else path.open(encoding="utf-8") as stream:
            refuse_terminal(stream)
            _refuse_device(path, stream)
            return source.of_stream(str(path), stream.buffer, copy)
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}") from None


def _refuse_device(path: Path, stream: IO[str]) -> None:
    """Raise UsageError if the path is a device other than /dev/null, because reading a device may never end."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        # A stream without a file descriptor is in memory, so it cannot be a device.
        return
    is_null = status.st_rdev == Path(os.devnull).stat().st_rdev
    if stat.S_ISBLK(status.st_mode) or (stat.S_ISCHR(status.st_mode) and not is_null):
        raise UsageError(f"Cannot read {path}: it is a device", hint="Give a file, a folder or a pipe.")
