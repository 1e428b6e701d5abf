"""The files and folders that are imported. Files may be compressed with gzip."""

import gzip
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase, BufferedReader, FileIO, RawIOBase
from pathlib import Path
from typing import IO, Any, BinaryIO, Self, cast

from ..errors import InvalidError, UsageError

_GZIP = b"\x1f\x8b"
# The format of a file is detected from this number of bytes at the start of the file.
_START_SIZE = 64 * 1024
_CHUNK_SIZE = 1 << 20
# The maximum number of bytes that are copied from a pipe. Without a limit, a pipe could fill the disk.
MAX_PIPE_SIZE = 8 << 30
# A compressed file may be decompressed to this number of bytes, and beyond it to this multiple of its compressed size.
# gzip can compress data to a thousandth of its size, but a text hardly to a hundredth.
_MAX_DECOMPRESSED_SIZE = 64 << 20
_MAX_RATIO = 200
# The extensions of the files that are imported from a folder.
MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx")
HTML_ENDINGS = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class Source:
    """A file, a folder or a pipe to import. Messages refer to it by `name`.

    The data of a pipe is in a temporary file that has no name, but the descriptor `copy`. `path` is then not used.
    """

    name: str
    path: Path
    copy: int | None = None

    @classmethod
    def at(cls, path: Path) -> Self:
        """Return the source at a path.

        Raises UsageError if the path does not exist.
        """
        try:
            path.stat()
        except OSError as error:
            raise UsageError(f"Cannot read {path}: {error.strerror}") from None
        return cls(str(path), path)

    @classmethod
    def of_stream(cls, name: str, stream: BinaryIO, copy: IO[bytes]) -> Self:
        """Copy a stream to a file, and return the file as a source, which is readable until the file is closed.

        The copy is necessary because sources are read more than once. Raises InvalidError if the stream is too large.
        """
        size = 0
        # `read1` returns as soon as any data is available, so that signals are handled between two reads even if the
        # data arrives slowly.
        for chunk in iter(partial(cast("BufferedIOBase", stream).read1, _CHUNK_SIZE), b""):
            copy.write(chunk)
            size += len(chunk)
            if size > MAX_PIPE_SIZE:
                raise InvalidError(f"{name}: more than {MAX_PIPE_SIZE:,} bytes", hint="Import from a file instead.")
        copy.flush()
        return cls(name, Path("-"), copy.fileno())

    @property
    def is_piped(self) -> bool:
        """Whether the data comes from a pipe."""
        return self.copy is not None

    @property
    def is_folder(self) -> bool:
        """Whether the source is a folder."""
        return self.copy is None and self.path.is_dir()

    @property
    def size(self) -> int:
        """The size of the file in bytes, or 0 if it is unknown."""
        try:
            return (self.path.stat() if self.copy is None else os.fstat(self.copy)).st_size
        except OSError:
            return 0

    def covers(self, path: Path) -> bool:
        """Return whether reading this source would read the file at `path`.

        A source that is a file covers only this file. A source that is a folder covers all Markdown and HTML files in
        the folder and its subfolders. The file at `path` does not need to exist.
        """
        if self.is_piped:
            return False
        root = Path(os.path.realpath(self.path))
        file = Path(os.path.realpath(path))
        return file == root or (root in file.parents and file.name.lower().endswith(MARKDOWN_ENDINGS + HTML_ENDINGS))

    def open(self) -> BinaryIO:
        """Open the file for reading. If the file is compressed with gzip, it is decompressed while it is read.

        Raises UsageError if the file cannot be opened.
        """
        try:
            raw = FileIO(self.path) if self.copy is None else _CopiedPipe(self.copy)
            file = BufferedReader(raw)
            is_compressed = file.peek(2).startswith(_GZIP)
        except OSError as error:
            raise UsageError(f"Cannot read {self.name}: {error.strerror}") from None
        return cast("BinaryIO", _GzipFile(file, self.size) if is_compressed else file)

    def read_start(self) -> bytes:
        """Return the first bytes of the file without a byte order mark, or an empty `bytes` object for a folder.

        Raises UsageError if the file cannot be opened, and InvalidError if the file cannot be read or is damaged.
        """
        if self.is_folder:
            return b""
        with self.open() as file:
            return self.read(file, _START_SIZE).removeprefix(b"\xef\xbb\xbf")

    def read(self, file: BinaryIO, size: int = -1) -> bytes:
        """Return the next bytes of the opened file.

        Raises InvalidError if the file cannot be read or is damaged.
        """
        return self._read_checked(file.read, size)

    def read_line(self, file: BinaryIO, size: int) -> bytes:
        """Return the next line of the opened file, truncated to `size` bytes.

        Raises InvalidError if the file cannot be read or is damaged.
        """
        return self._read_checked(file.readline, size)

    def _read_checked(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            return read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise InvalidError(f"{self.name}: {error}") from None


class _CopiedPipe(RawIOBase):
    """A view of the file with a descriptor, which is read from its start and does not share the position of others."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - the type of buffers is only in newer versions of Python
        """Read bytes into a buffer, and return their number."""
        data = os.pread(self._descriptor, len(buffer), self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


class _GzipFile(gzip.GzipFile):
    """A compressed file that raises OSError if its content is suspiciously large."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._file = file
        self._limit = max(_MAX_DECOMPRESSED_SIZE, _MAX_RATIO * size)

    def close(self) -> None:
        """Close the compressed file."""
        super().close()
        self._file.close()

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes of the content."""
        remaining = self._limit - self.tell() + 1
        return self._check(super().read(remaining if size is None or size < 0 else min(size, remaining)))

    def readline(self, size: int | None = -1) -> bytes:
        """Return the next line of the content."""
        remaining = self._limit - self.tell() + 1
        return self._check(super().readline(remaining if size is None or size < 0 else min(size, remaining)))

    def _check(self, data: bytes) -> bytes:
        if self.tell() > self._limit:
            raise OSError(f"decompressed to more than {self._limit:,} bytes, {_MAX_RATIO} times the size of the file")
        return data
