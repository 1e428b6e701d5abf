"""Records as a text of JSON beside what another format can say of them, from which they are put back exactly."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import JsonValue

from ..enums import PostStatus
from .records import PostRecord, UserRecord

T = TypeVar("T")
_Known = Mapping[str, Callable[[Any], object]]

# UTF-8 has no lone surrogates, and two that are escaped side by side would be read as one character. Text of JSON
# never holds the mark itself.
_MARK = "\x1a"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{4}})")
_HASH = "hashed_password"


def kept(record: PostRecord | UserRecord, *, without: str = "") -> str:
    """All of the record, but for the field that is named, and never the hash of a password."""
    values = {each.name: getattr(record, each.name) for each in fields(record) if each.name not in (without, _HASH)}
    said = {name: value for name, value in values.items() if value not in (None, (), {})}
    text = json.dumps(said, ensure_ascii=False, default=_plain)
    return _SURROGATE.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", text)


def restored_post(own: object, *, content: str = "") -> PostRecord | None:
    """The post that was kept, with this content if it was kept without; None where the text is missing or damaged."""
    values = _values(own, _POST)
    return _made(PostRecord, {"content": content} | values) if values else None


def restored_person(own: object) -> UserRecord | None:
    """The person who was kept; None likewise."""
    values = _values(own, _PERSON)
    return _made(UserRecord, values) if values else None


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _values(own: object, known: _Known) -> dict[str, Any]:
    if not isinstance(own, str):
        return {}
    try:
        values = json.loads(_MARKED.sub(lambda found: chr(int(found[1], 16)), own))
        return {name: known[name](value) for name, value in values.items()}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}


def _made(record: Callable[..., T], values: Mapping[str, Any]) -> T | None:
    try:
        return record(**values)
    except TypeError:
        return None


def _str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _tags(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_str, value))


def _extra(value: object) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_str(value))
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant


def _status(value: object) -> PostStatus:
    status = PostStatus(_str(value))
    if status is PostStatus.TRASHED:
        raise ValueError(value)
    return status


_POST: _Known = {
    "uuid": lambda value: UUID(_str(value)),
    "title": _str,
    "author": _str,
    "slug": _str,
    "content": _str,
    "excerpt": _str,
    "status": _status,
    "tags": _tags,
    "extra": _extra,
    "published_at": _instant,
    "created_at": _instant,
    "updated_at": _instant,
    "trashed_at": _instant,
    "expires_at": _instant,
    "first_published_at": _instant,
}
_PERSON: _Known = {
    "email": _str,
    "full_name": _str,
    "is_active": _bool,
    "created_at": _instant,
    "updated_at": _instant,
}
