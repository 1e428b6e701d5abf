"""Dump records to JSON that a file in another format contains, so that blogcli can import them again without loss."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from ..enums import PostStatus
from .records import PostRecord, UserRecord

T = TypeVar("T")
_Converters = Mapping[str, Callable[[Any], object]]

# UTF-8 cannot represent lone surrogates, and a JSON parser would join two adjacent escaped surrogates to one character.
# JSON never contains this character outside of an escape sequence.
_MARK = "\x1a"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{4}})")
_HASH = "hashed_password"


def dump(record: PostRecord | UserRecord, *, without: str = "") -> str:
    """Return a record as JSON, without the named field and always without the hash of a password."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    present = {
        name: value for name, value in values.items() if name not in (without, _HASH) and value not in (None, (), {})
    }
    text = json.dumps(present, ensure_ascii=False, default=_to_text)
    return _SURROGATE.sub(lambda match: f"{_MARK}{ord(match[0]):04x}", text)


def load_post(text: object, *, content: str = "") -> PostRecord | None:
    """Return a post that was dumped, or None if the text is missing or damaged.

    `content` is the content of a post that was dumped without it.
    """
    values = _load(text, _POST)
    return _create(PostRecord, {"content": content} | values) if values else None


def load_user(text: object) -> UserRecord | None:
    """Return a user who was dumped, or None if the text is missing or damaged."""
    values = _load(text, _USER)
    return _create(UserRecord, values) if values else None


def _to_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _load(text: object, converters: _Converters) -> dict[str, Any]:
    if not isinstance(text, str):
        return {}
    try:
        values = json.loads(_MARKED.sub(lambda match: chr(int(match[1], 16)), text))
        return {name: converters[name](value) for name, value in values.items()}
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return {}


def _create(record: Callable[..., T], values: Mapping[str, Any]) -> T | None:
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


_PARSERS: Mapping[object, Callable[[Any], object]] = {
    UUID: lambda value: UUID(_str(value)),
    str: _str,
    bool: _bool,
    PostStatus: _status,
    tuple[str, ...]: _tags,
    Mapping[str, JsonValue]: _extra,
    AwareDatetime: _instant,
}


def _parsers(record: type[PostRecord | UserRecord]) -> _Converters:
    """Return the parsers of the fields of a record by the types of the fields."""
    return {
        name: next(_PARSERS[type_] for type_ in (annotation, *get_args(annotation)) if type_ in _PARSERS)
        for name, annotation in get_type_hints(record).items()
        if name != _HASH
    }


_POST = _parsers(PostRecord)
_USER = _parsers(UserRecord)
