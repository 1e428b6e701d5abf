"""Read JSON Lines files in the format of blogcli.

The first line contains the version of the format, and each other line contains a record:

    {"type": "blogcli", "version": 1}
    {"type": "user", "email": ..., "full_name": ..., "is_active": ..., "created_at": ..., "updated_at": ...}
    {"type": "tag", "name": ...}
    {"type": "post", "uuid": ..., "title": ..., "author": ..., "slug": ..., "content": ..., "status": ..., ...}

Fields with the value null are omitted. Times are in UTC, in the format of RFC 3339. Users and tags precede the posts
that refer to them.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from ...enums import PostStatus
from ...errors import InvalidError
from ...text.json_text import parse_json
from ...text.truncate_repr import quoted
from ..items import ImportedItem, RawItem, ReadOptions, Scan
from ..records import Record, TagRecord, UserRecord
from ..sources import Source
from .lines import FIELD_NAMES, TYPES, VERSION

# The maximum size of a line in bytes. A file with a longer line is rejected, because no post is so large.
_MAX_LINE_SIZE = 256 * 1024 * 1024
# The maximum size in bytes of a line that contains the version. Longer lines are not examined for a version.
_MAX_VERSION_LINE_SIZE = 1_000
_BOM = b"\xef\xbb\xbf"


def detect(source: Source) -> bool:
    """Return whether the first line of a source contains a version of the JSON Lines format of blogcli."""
    return _parse_version(source.read_start().split(b"\n", 1)[0]) is not None


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:  # noqa: ARG001 - the protocol Reader requires the parameter
    """Count and list the lines of all sources.

    Raises InvalidError if a source is not in this format, or if the version of its format is not supported.
    """
    return Scan(sum(map(_count_lines, sources)), (item for source in sources for item in _iter_items(source)))


def read(item: RawItem, options: ReadOptions) -> ImportedItem:  # noqa: ARG001 - the protocol Reader requires the parameter
    """Return the record in a line.

    Raises InvalidError if the line does not contain a valid record.
    """
    record = _parse_record(item.content)
    if isinstance(record, UserRecord):
        return ImportedItem(source=item.source, position=item.position, people=(record,))
    if isinstance(record, TagRecord):
        return ImportedItem(source=item.source, position=item.position, tags=(record,))
    if record.status is PostStatus.TRASHED:
        raise InvalidError("status: must be draft, scheduled or published; trashed_at marks a post in the trash")
    return ImportedItem(source=item.source, position=item.position, post=record)


def _parse_version(line: bytes) -> int | None:
    try:
        values = parse_json(line)
    except ValueError:
        return None
    if not isinstance(values, dict) or values.get("type") != "blogcli":
        return None
    version = values.get("version")
    return version if type(version) is int and version > 0 else None


def _count_lines(source: Source) -> int:
    with source.open() as file:
        version = _parse_version(_read_line(source, file).removeprefix(_BOM))
        if version is None:
            hint = "Use a file that `blogcli export jsonl` has written."
            raise InvalidError(f"{source.name}: not a JSON Lines file of blogcli", hint=hint)
        if version > VERSION:
            raise InvalidError(
                f"{source.name}: version {version} is not supported; the newest supported version is {VERSION}"
            )
        line_count = 0
        while chunk := source.read(file, 1 << 20):
            line_count += chunk.count(b"\n")
        return line_count


def _iter_items(source: Source) -> Iterator[RawItem]:
    with source.open() as file:
        _read_line(source, file)
        number = 1
        while line := _read_line(source, file):
            number += 1
            if line.strip() and not _is_version_line(line):
                yield RawItem(source.name, number, line, len(line))


def _is_version_line(line: bytes) -> bool:
    """Return whether a line contains a supported version of the format.

    In concatenated files, such lines also occur between records.
    """
    if len(line) > _MAX_VERSION_LINE_SIZE or b"blogcli" not in line:
        return False
    return _parse_version(line.removeprefix(_BOM)) in range(1, VERSION + 1)


def _read_line(source: Source, file: BinaryIO) -> bytes:
    line = source.read_line(file, _MAX_LINE_SIZE)
    if len(line) == _MAX_LINE_SIZE:
        raise InvalidError(f"{source.name}: a line of more than {_MAX_LINE_SIZE:,} bytes")
    return line


def _parse_record(line: bytes) -> Record:
    try:
        values = parse_json(line.rstrip())
    except ValueError as error:
        raise InvalidError(f"Not JSON: {error}") from None
    name = str(values.pop("type", None)) if isinstance(values, dict) else ""
    if name not in TYPES:
        raise InvalidError(f"Not a record: the type is not one of {', '.join(TYPES)}")
    unknown = sorted(map(quoted, values.keys() - set(FIELD_NAMES[TYPES[name]])))
    if unknown:
        raise InvalidError(f"Unknown fields: {', '.join(unknown)}")
    try:
        record: Record = _make_adapter(name).validate_python(values)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)[0]
        message = details["msg"]
        raise InvalidError(f"{details['loc'][0]}: {message[:1].lower()}{message[1:]}") from None
    return record


@cache
def _make_adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(TYPES[name])
