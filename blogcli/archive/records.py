"""The lines of a backup file: the header, the heading of each table, and the rows."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import MAXYEAR, UTC, datetime
from typing import Any
from uuid import UUID

from ..errors import InvalidError
from ..text.json_text import parse_json

# The first key of the header, by which a backup is recognized, and the version of the format.
FORMAT = "blogcli_backup"
VERSION = 1
_MAX_NUMBER = 2**63 - 1
_SQLITE = b"SQLite format 3\0"
_SQLITE_HINT = "It is a SQLite database: to copy a blog from it, run `blogcli db copy` with it as --database-url."


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a backup contains, and when and from which blog it was made.

    `blog` is the UUID of the blog, or None if the database was at a revision that had none. `created_at` is the time of
    the backup. `counts` contains the number of rows of each table, and `last_ids` the last id that the database has
    generated for each table.
    """

    revision: str
    blog: str | None
    created_at: str
    program: str
    counts: Mapping[str, int]
    last_ids: Mapping[str, int]

    def to_line(self) -> bytes:
        """Return the first line of a backup."""
        return encode({FORMAT: VERSION, **asdict(self)})

    @classmethod
    def from_line(cls, line: bytes) -> "Header":
        """Return the header in the first line of a backup.

        Raises InvalidError if the file is not a backup, or if a newer version of blogcli has made it.
        """
        try:
            values = parse_json(line)
            version = values.pop(FORMAT)
            header = cls._from_values(values) if version == VERSION else None
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            hint = _SQLITE_HINT if line.startswith(_SQLITE) else None
            raise InvalidError("The file is not a backup of blogcli", hint=hint) from None
        if header is None:
            raise InvalidError(
                f"The backup has the format {version}; this blogcli reads format {VERSION}",
                hint="Install a newer blogcli.",
            )
        return header

    @classmethod
    def _from_values(cls, values: Mapping[str, Any]) -> "Header":
        """Return a header. Raises ValueError, TypeError, AttributeError or OverflowError if a value is invalid."""
        header = cls(**values)
        time = datetime.fromisoformat(header.created_at)
        if time.tzinfo is None:
            raise ValueError("the time has no offset from UTC")
        # Periods of retention rules begin at midnight in any time zone.
        if not 1 < time.astimezone(UTC).year < MAXYEAR:
            raise ValueError("the time is out of range")
        if header.blog is not None:
            UUID(header.blog)
        if not all(text.isprintable() for text in (header.revision, header.program)):
            raise ValueError("the revision or the program contains control characters or surrogates")
        numbers = [*header.counts.values(), *header.last_ids.values()]
        if not all(type(number) is int and 0 <= number <= _MAX_NUMBER for number in numbers):
            raise TypeError("a count or an id is not a number that a database can store")
        return header


@dataclass(frozen=True, slots=True)
class TableHeading:
    """The line before the rows of a table, with the names of the columns."""

    table: str
    columns: Sequence[str]

    @classmethod
    def from_line(cls, line: bytes) -> "TableHeading":
        """Return the heading in a line. Raises InvalidError if the line is not a heading."""
        try:
            heading = cls(**parse_json(line))
            is_valid = all(isinstance(name, str) for name in (heading.table, *heading.columns))
        except (ValueError, TypeError):
            is_valid = False
        if not is_valid:
            raise InvalidError("The heading of a table in the backup is invalid")
        return heading

    def to_line(self) -> bytes:
        """Return the line of the heading."""
        return encode({"table": self.table, "columns": list(self.columns)})


def encode(value: object) -> bytes:
    r"""Return a value as a line of JSON.

    Bytes in a row are written as base64. A surrogate, which represents a byte that is not valid UTF-8, is written as an
    escape sequence such as `\udcff`.
    """
    try:
        return _encoder.encode(value).encode() + b"\n"
    except UnicodeEncodeError:
        return _ascii_encoder.encode(value).encode() + b"\n"


def decode_row(line: bytes, width: int) -> Sequence[Any]:
    """Return the values in a line that contains a row.

    Raises InvalidError if the line does not contain `width` values that a database can store.
    """
    try:
        values: list[Any] = parse_json(line)
        if b'{"base64":' in line:
            values = [_decode_bytes(value) if isinstance(value, dict) else value for value in values]
    except (ValueError, TypeError, KeyError):
        raise InvalidError("A row in the backup is invalid") from None
    if len(values) != width or not _TYPES.issuperset(map(type, values)):
        raise InvalidError("A row in the backup is invalid")
    return values


def _encode_bytes(value: object) -> object:
    if not isinstance(value, bytes):
        raise TypeError(f"A backup cannot contain {value!r}")
    return {"base64": b64encode(value).decode()}


def _decode_bytes(value: Mapping[str, str]) -> bytes:
    return b64decode(value["base64"])


# The types of the values that a database can store.
_TYPES = {int, float, str, bytes, bool, type(None)}
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_encode_bytes)
_ascii_encoder = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_encode_bytes)
