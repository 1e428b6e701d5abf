"""Files and folders that are read, by whatever name; compressed or not."""

import gzip
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Self, cast

from ..errors import InvalidError, UsageError

_GZIP = b"\x1f\x8b"
# As much as it takes to recognise a format.
_START = 64 * 1024
_CHUNK = 1 << 20
# Of files that hold posts, where a folder is read.
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx")
HTML_ENDINGS = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder, and its name as it was given; what came through a pipe stands where nobody put it."""

    name: str
    path: Path
    is_piped: bool = False

    @classmethod
    def at(cls, path: Path) -> Self:
        """The source at a path; UsageError where there is none."""
        try:
            path.stat()
        except OSError as error:
            raise UsageError(f"Cannot read {path}: {error.strerror}") from None
        return cls(str(path), path)

    @classmethod
    def of_stream(cls, name: str, stream: BinaryIO, folder: Path) -> Self:
        """All of a stream, kept in a folder, since it may have to be read twice."""
        with NamedTemporaryFile(dir=folder, delete=False) as kept:
            # Read as it comes: between two reads signals are heard.
            for chunk in iter(partial(cast("BufferedIOBase", stream).read1, _CHUNK), b""):
                kept.write(chunk)
        return cls(name, Path(kept.name), is_piped=True)

    def covers(self, path: Path) -> bool:
        """Whether a file, which need not be there, is this one, or would be read with this folder."""
        top, place = (Path(os.path.realpath(each)) for each in (self.path, path))
        return place == top or (top in place.parents and place.name.lower().endswith(MARKDOWN_ENDINGS + HTML_ENDINGS))

    def open(self) -> BinaryIO:
        """Its bytes, uncompressed; UsageError where they cannot be read."""
        try:
            with self.path.open("rb") as file:
                is_compressed = file.read(2) == _GZIP
            return cast("BinaryIO", gzip.open(self.path)) if is_compressed else self.path.open("rb")
        except OSError as error:
            raise UsageError(f"Cannot read {self.name}: {error.strerror}") from None

    def start(self) -> bytes:
        """Its first bytes, without a byte order mark; none of a folder."""
        if self.path.is_dir():
            return b""
        with self.open() as file:
            return self.read(file, _START).removeprefix(b"\xef\xbb\xbf")

    def read(self, file: BinaryIO, size: int = -1) -> bytes:
        """The next bytes of the opened source; InvalidError where it is damaged."""
        return self._undamaged(file.read, size)

    def read_line(self, file: BinaryIO, size: int) -> bytes:
        """The next line, or as much of it; InvalidError likewise."""
        return self._undamaged(file.readline, size)

    def _undamaged(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise InvalidError(f"{self.name}: {error}") from None
