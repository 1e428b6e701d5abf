"""JSON Lines: our own format, in which nothing is lost; one record a line, behind a line that names the version.

    {"type": "blogcli", "version": 1}
    {"type": "user", "email": ..., "full_name": ..., "is_active": ..., "created_at": ..., "updated_at": ...}
    {"type": "tag", "name": ...}
    {"type": "post", "uuid": ..., "title": ..., "author": ..., "slug": ..., "content": ..., "status": ..., ...}

A field that is null is left out. Instants are RFC 3339 in UTC. People and tags stand before the posts that name them.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import UTC, datetime
from uuid import UUID

from .record import PostRecord, Record, TagRecord, UserRecord

VERSION = 1
_KINDS: dict[type[Record], str] = {UserRecord: "user", TagRecord: "tag", PostRecord: "post"}
_FIELDS = {kind: [each.name for each in fields(kind)] for kind in _KINDS}


def first_line() -> str:
    """The line that every file begins with."""
    return f"{json.dumps({'type': 'blogcli', 'version': VERSION})}\n"


def write_lines(records: Iterable[Record]) -> Iterator[str]:
    """A line for each record."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_plain).encode
    for record in records:
        kind = type(record)
        values = {name: getattr(record, name) for name in _FIELDS[kind]}
        line = {"type": _KINDS[kind]} | {name: value for name, value in values.items() if value is not None}
        yield f"{encode(line)}\n"


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"Not a value of a record: {value!r}")
