"""Write a backup file."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from typing import IO, Any

from ..errors import BlogError
from .checksum import checksum_line, checksum_member
from .records import Header, TableHeading, encode

# Higher levels take much longer and save little.
_LEVEL = 5


class _HashingFile:
    """A file that computes a digest of the bytes that are written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write bytes. Raises BlogError if they cannot be written."""
        self.digest.update(data)
        try:
            return self._file.write(data)
        except OSError as error:
            # Otherwise, the error would be taken for an error of the database.
            raise BlogError(f"Cannot write the backup: {error.strerror}") from error

    def flush(self) -> None:
        """Do nothing, because the file is flushed when it is complete."""


class ArchiveWriter:
    """Writes a header, the rows of each table, and the digests to a file."""

    def __init__(self, file: IO[bytes], *, is_compressed: bool) -> None:
        self._file = file
        self._is_compressed = is_compressed
        self._hashing_file = _HashingFile(file)
        self._stream: Any = self._hashing_file
        if is_compressed:
            self._stream = gzip.GzipFile("", "wb", _LEVEL, self._hashing_file, mtime=0)
        self._digests: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def write_header(self, header: Header) -> None:
        """Write the header, which must come first."""
        self._header = header
        self._stream.write(header.to_line())

    def start_table(self, table: str, columns: Sequence[str]) -> None:
        """Write the heading of a table, whose rows follow."""
        self._finish_table()
        self._table = table
        self._digest = hashlib.sha256()
        self._counts[table] = 0
        self._stream.write(TableHeading(table, columns).to_line())

    def write_rows(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of the table whose heading was written last."""
        lines = [encode(list(row)) for row in rows]
        data = b"".join(lines)
        self._digest.update(data)
        self._counts[self._table] += len(lines)
        self._stream.write(data)

    def finish(self) -> None:
        """Write the digests and the checksum. The file is not closed.

        Raises BlogError if the number of rows of a table differs from the number in the header.
        """
        self._finish_table()
        if self._counts != self._header.counts:
            raise BlogError(f"The numbers of rows are {self._counts}, but the database counts {self._header.counts}")
        self._stream.write(encode({"end": self._digests}))
        if self._is_compressed:
            self._stream.close()
        digest = self._hashing_file.digest.hexdigest()
        self._hashing_file.write(checksum_member(digest) if self._is_compressed else checksum_line(digest))

    def _finish_table(self) -> None:
        if self._counts:
            self._digests[self._table] = self._digest.hexdigest()
