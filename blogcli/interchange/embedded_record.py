"""Serialize records as JSON, and load records from this JSON.

The writers of some formats embed the JSON in their files, so that an import restores the records exactly.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from ..enums import PostStatus
from ..text.json_text import parse_json
from .records import PostRecord, UserRecord

T = TypeVar("T")
_Parsers = Mapping[str, Callable[[Any], object]]

# UTF-8 cannot represent lone surrogates, and a JSON parser would join two adjacent escaped surrogates into one
# character. A lone surrogate is therefore written as this mark, followed by the code point in four hexadecimal digits.
# The mark is unambiguous, because JSON never contains this control character unescaped.
_MARK = "\x1a"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{4}})")
_HASH = "hashed_password"


def dump(record: PostRecord | UserRecord, *, without: str = "") -> str:
    """Return a record as JSON, without the password hash and without the field whose name is `without`."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    present = {
        name: value for name, value in values.items() if name not in (without, _HASH) and value not in (None, (), {})
    }
    text = json.dumps(present, ensure_ascii=False, default=_to_text)
    return _SURROGATE.sub(lambda match: f"{_MARK}{ord(match[0]):04x}", text)


def load_post(text: object, *, content: str = "") -> PostRecord | None:
    """Return the post from which `dump` created `text`, or None if `dump` cannot have created `text` from a post.

    If `text` does not include the content of the post, the returned post gets `content` as its content.
    """
    values = _load(text, _POST_PARSERS)
    return _create(PostRecord, {"content": content} | values) if values else None


def load_user(text: object) -> UserRecord | None:
    """Return the user from which `dump` created `text`, or None if `dump` cannot have created `text` from a user."""
    values = _load(text, _USER_PARSERS)
    return _create(UserRecord, values) if values else None


def _to_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _load(text: object, parsers: _Parsers) -> dict[str, Any]:
    if not isinstance(text, str):
        return {}
    try:
        values = parse_json(_MARKED.sub(lambda match: chr(int(match[1], 16)), text))
        return {name: parsers[name](value) for name, value in values.items()}
    except (ValueError, TypeError, LookupError, AttributeError):
        return {}


def _create(record: Callable[..., T], values: Mapping[str, Any]) -> T | None:
    try:
        return record(**values)
    except TypeError:
        return None


def _parse_str(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _parse_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _parse_tags(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(value)
    return tuple(map(_parse_str, value))


def _parse_extra(value: object) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _parse_instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_parse_str(value))
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant


def _parse_status(value: object) -> PostStatus:
    status = PostStatus(_parse_str(value))
    if status is PostStatus.TRASHED:
        raise ValueError(value)
    return status


_PARSERS: Mapping[object, Callable[[Any], object]] = {
    UUID: lambda value: UUID(_parse_str(value)),
    str: _parse_str,
    bool: _parse_bool,
    PostStatus: _parse_status,
    tuple[str, ...]: _parse_tags,
    Mapping[str, JsonValue]: _parse_extra,
    AwareDatetime: _parse_instant,
}


def _select_parsers(record: type[PostRecord | UserRecord]) -> _Parsers:
    """Return the functions that parse the fields of a record type, by field name. The password hash has no function."""
    return {
        name: next(_PARSERS[type_] for type_ in (annotation, *get_args(annotation)) if type_ in _PARSERS)
        for name, annotation in get_type_hints(record).items()
        if name != _HASH
    }


_POST_PARSERS = _select_parsers(PostRecord)
_USER_PARSERS = _select_parsers(UserRecord)
