"""What an import reads: files, folders, stdin and other pipes."""

import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from .. import services
from ..errors import UsageError
from .inputs import refuse_terminal

if TYPE_CHECKING:
    from ..interchange.sources import Source


def sources_at(paths: list[Path], opened: ExitStack) -> "list[Source]":
    """The sources at the paths, `-` being stdin; what comes through pipes is kept until `opened` is closed.

    Raises UsageError where there is nothing to read.
    """
    return [_source_at(path, opened) for path in paths]


def _source_at(path: Path, opened: ExitStack) -> "Source":
    source, is_stdin = services.importing.Source, str(path) == "-"
    try:
        if not is_stdin and (path.is_file() or path.is_dir() or not path.exists()):
            return source.at(path)
        folder = Path(opened.enter_context(TemporaryDirectory(prefix="blogcli-")))
        with nullcontext(sys.stdin) if is_stdin else path.open(encoding="utf-8") as stream:
            refuse_terminal(stream)
            return source.of_stream(str(path), stream.buffer, folder)
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}") from None
