"""What Ghost has no field for, kept beside each post and person under a key of our own, and put back from there.

It is a text and not an object: whoever reads the file in between leaves its numbers and characters as they are.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from pydantic import JsonValue

from ...enums import PostStatus
from ..record import PostRecord, UserRecord
from .limits import UNSTORABLE

KEY = "blogcli"

T = TypeVar("T")
_Known = Mapping[str, Callable[[Any], object]]

# UTF-8 has no lone surrogates, and two that are escaped side by side would be read as one character. Text of JSON
# never holds the mark itself.
_MARK = "\x1a"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{4}})")


def kept_post(post: PostRecord) -> str:
    """All of the post but its content, which stands in Ghost's own field unless it would not come back from there."""
    is_plain = bool(post.content.strip()) and UNSTORABLE.search(post.content) is None
    return _text_of(post, without="content" if is_plain else "")


def kept_person(person: UserRecord) -> str:
    """All of the person but the hash of the password."""
    return _text_of(person, without="hashed_password")


def restored(own: object, post: PostRecord) -> PostRecord:
    """The post that was written, from what is under our key; the given one where that is missing or damaged."""
    return _restored(own, _POST, partial(PostRecord, content=post.content)) or post


def restored_person(own: object, person: UserRecord) -> UserRecord:
    """The person who was written, likewise; never with a hash."""
    return _restored(own, _PERSON, UserRecord) or person


def _text_of(record: PostRecord | UserRecord, *, without: str) -> str:
    values = {each.name: getattr(record, each.name) for each in fields(record) if each.name != without}
    said = {name: value for name, value in values.items() if value not in (None, (), {})}
    text = json.dumps(said, ensure_ascii=False, default=_plain)
    return _SURROGATE.sub(lambda found: f"{_MARK}{ord(found[0]):04x}", text)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _restored(own: object, known: _Known, record: Callable[..., T]) -> T | None:
    if not isinstance(own, str):
        return None
    try:
        values = json.loads(_MARKED.sub(lambda found: chr(int(found[1], 16)), own))
        return record(**{name: known[name](value) for name, value in values.items()})
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
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
}
_PERSON: _Known = {
    "email": _str,
    "full_name": _str,
    "is_active": _bool,
    "created_at": _instant,
    "updated_at": _instant,
}
