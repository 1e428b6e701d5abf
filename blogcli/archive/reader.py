"""Read a backup file."""

import gzip
import hashlib
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeAlias

from ..errors import InvalidError, UsageError
from .checksum import GZIP_MAGIC, verify_checksum
from .records import Header, TableHeading, decode_row, encode

Rows: TypeAlias = Sequence[Sequence[Any]]
# The maximum number of rows and the approximate maximum size in bytes of a batch.
_BATCH = 1_000
_BATCH_BYTES = 8_000_000
# The header contains no values of unlimited length, so a longer line is not a header.
_MAX_HEADER = 100_000


def read_header(path: Path) -> Header:
    """Return the header of a backup file. The rest of the file is not read.

    Raises InvalidError if the file is not a backup, and UsageError if the file cannot be read.
    """
    if not path.is_file() and (path.exists() or str(path) == "-"):
        raise UsageError(f"Cannot read {path}: it is not a file", hint="Write the backup to a file first.")
    try:
        with _open(path) as file:
            return Header.from_line(file.readline(_MAX_HEADER))
    except InvalidError as error:
        raise InvalidError(f"{path}: {error.message}", hint=error.hint) from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise _make_damage_error(path) from None
    except OSError as error:
        raise UsageError(f"Cannot read {path}: {error.strerror}") from None


class ArchiveReader:
    """Reads the tables of a backup file, after its checksum was verified."""

    def __init__(self, path: Path) -> None:
        """Verify the checksum and read the header.

        Raises InvalidError if the file is damaged or not a backup, and UsageError if the file cannot be read.
        """
        self.path = path
        self.header = read_header(path)
        # The digests of the tables by name, which are known after all tables were read.
        self.digests: dict[str, str] = {}
        verify_checksum(path)

    def tables(self) -> Iterator[tuple[TableHeading, Iterator[Rows]]]:
        """Yield the heading and the rows of each table, in batches. The rows of a table must be read before the next.

        Raises InvalidError if the rows of a table differ from the digest or the number that the file contains.
        """
        digests: dict[str, str] = {}
        counts: dict[str, int] = {}
        with _open(self.path) as file:
            lines = _Lines(self.path, file)
            lines.take()
            while b"table" in (line := lines.take())[:8]:
                heading = TableHeading.from_line(line)
                yield heading, lines.rows(len(heading.columns))
                digests[heading.table] = lines.digest.hexdigest()
                counts[heading.table] = lines.count
            if line != encode({"end": digests}) or counts != self.header.counts:
                raise InvalidError(f"{self.path} is damaged: the digests of its tables are wrong")
        self.digests = digests


class _Lines:
    """The lines of a file, with the digest and the number of the rows that were read last."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._next = self._read()

    def take(self) -> bytes:
        """Return the next line."""
        line = self._next
        self._next = self._read()
        return line

    def rows(self, width: int) -> Iterator[Rows]:
        """Yield batches of the rows up to the next line that is not a row. Each row must have `width` values."""
        self.digest = hashlib.sha256()
        self.count = 0
        while batch := list(islice(self._row_lines(), _BATCH)):
            self.digest.update(b"".join(batch))
            self.count += len(batch)
            yield [decode_row(line, width) for line in batch]

    def _row_lines(self) -> Iterator[bytes]:
        size = 0
        while self._next.startswith(b"[") and size < _BATCH_BYTES:
            size += len(self._next)
            yield self.take()

    def _read(self) -> bytes:
        try:
            return self._file.readline()
        except (EOFError, zlib.error, OSError):
            raise _make_damage_error(self._path) from None


def _make_damage_error(path: Path) -> InvalidError:
    return InvalidError(f"{path} is damaged or incomplete", hint="Use another backup.")


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        is_compressed = file.read(2) == GZIP_MAGIC
    return gzip.open(path) if is_compressed else path.open("rb")  # type: ignore[return-value]  # a GzipFile can be read like other files
