"""Read JSON Lines, the format of blogcli itself: a line with the version, then one record per line.

    {"type": "blogcli", "version": 1}
    {"type": "user", "email": ..., "full_name": ..., "is_active": ..., "created_at": ..., "updated_at": ...}
    {"type": "tag", "name": ...}
    {"type": "post", "uuid": ..., "title": ..., "author": ..., "slug": ..., "content": ..., "status": ..., ...}

Fields with the value null are omitted. Times are in UTC, as in RFC 3339. Users and tags precede the posts that use
them.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from ...enums import PostStatus
from ...errors import InvalidError
from ..items import ImportedItem, RawItem, ReadOptions, Scan
from ..records import Record, TagRecord, UserRecord
from ..sources import Source
from .lines import FIELDS, TYPES, VERSION

# The maximum size of a line in bytes. A longer line cannot be a post.
_MAX_LINE = 256 * 1024 * 1024
_MAX_FIRST_LINE = 1_000
_BOM = b"\xef\xbb\xbf"


def detect(source: Source) -> bool:
    """Return whether the first line of a source states the version of this format."""
    return _version_of(source.start().split(b"\n", 1)[0]) is not None


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:  # noqa: ARG001 - all formats take options
    """Return the lines of all sources.

    Raises InvalidError for a source in another format or of a newer version.
    """
    return Scan(sum(map(_count, sources)), (item for source in sources for item in _items(source)))


def read(item: RawItem, options: ReadOptions) -> ImportedItem:  # noqa: ARG001 - all formats take options
    """Return the record of a line; raise InvalidError if the line is not a record."""
    record = _record(item.content)
    if isinstance(record, UserRecord):
        return ImportedItem(source=item.source, position=item.position, people=(record,))
    if isinstance(record, TagRecord):
        return ImportedItem(source=item.source, position=item.position, tags=(record,))
    if record.status is PostStatus.TRASHED:
        raise InvalidError("status: must be draft, scheduled or published; posts in the trash have trashed_at")
    return ImportedItem(source=item.source, position=item.position, post=record)


def _version_of(line: bytes) -> int | None:
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return None
    version = first.get("version") if isinstance(first, dict) and first.get("type") == "blogcli" else None
    return version if type(version) is int and version > 0 else None


def _count(source: Source) -> int:
    with source.open() as file:
        version = _version_of(_next_line(source, file).removeprefix(_BOM))
        if version is None:
            hint = "Give a file that `blogcli export jsonl` has written."
            raise InvalidError(f"{source.name}: not in blogcli's JSON Lines", hint=hint)
        if version > VERSION:
            raise InvalidError(
                f"{source.name}: version {version} is not supported; the newest supported version is {VERSION}"
            )
        lines = 0
        while chunk := source.read(file, 1 << 20):
            lines += chunk.count(b"\n")
        return lines


def _items(source: Source) -> Iterator[RawItem]:
    with source.open() as file:
        _next_line(source, file)
        number = 1
        while line := _next_line(source, file):
            number += 1
            if line.strip() and not _is_first(line):
                yield RawItem(source.name, number, line, len(line))


def _is_first(line: bytes) -> bool:
    """Return whether a line states the version. Concatenated files contain several such lines."""
    if len(line) > _MAX_FIRST_LINE or b"blogcli" not in line:
        return False
    return _version_of(line.removeprefix(_BOM)) in range(1, VERSION + 1)


def _next_line(source: Source, file: BinaryIO) -> bytes:
    line = source.read_line(file, _MAX_LINE)
    if len(line) == _MAX_LINE:
        raise InvalidError(f"{source.name}: a line of more than {_MAX_LINE:,} bytes")
    return line


def _record(line: bytes) -> Record:
    try:
        values = json.loads(line.rstrip())
    except (ValueError, RecursionError) as error:
        raise InvalidError(f"Not JSON: {error}") from None
    name = str(values.pop("type", None)) if isinstance(values, dict) else ""
    if name not in TYPES:
        raise InvalidError(f"Not a record: the type is not one of {', '.join(TYPES)}")
    unknown = sorted(map(repr, values.keys() - set(FIELDS[TYPES[name]])))
    if unknown:
        raise InvalidError(f"Unknown fields: {', '.join(unknown)}")
    try:
        record: Record = _adapter(name).validate_python(values)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        raise InvalidError(f"{fault['loc'][0]}: {fault['msg'][:1].lower()}{fault['msg'][1:]}") from None
    return record


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(TYPES[name])
