"""Read posts as dictionaries of Python values. This is several times as fast as loading model objects."""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import JSON, Boolean, ColumnElement, Integer, Select, String, Uuid, func, select, type_coerce
from sqlalchemy.types import TypeEngine

from ...enums import PostStatus
from ...models import Post, Tag, User, post_tags
from ...models.base import Instant, read_instant
from ...text.casefold import tag_key
from ...text.json_text import parse_json
from ..invalid_values import check_row, describe_invalid_value

# A post as a dictionary that maps the names of fields to their values.
PostRow: TypeAlias = dict[str, Any]
Converter: TypeAlias = Callable[[Any], Any]
# A function that is called with a message about a value that cannot be read.
OnFault: TypeAlias = Callable[[str], None]

# The exceptions that converters raise for a value that cannot be read.
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)

# The query joins the tag names of a post with this separator. Tag names contain no control characters.
_SEPARATOR = "\x1f"
_TAG_NAMES = (
    select(func.aggregate_strings(Tag.name, _SEPARATOR))
    .join(post_tags, post_tags.c.tag_id == Tag.id)
    .where(post_tags.c.post_id == Post.id)
    .scalar_subquery()
)
_STORED_STATUSES = {status.value: status for status in PostStatus if status is not PostStatus.TRASHED}
_sort_key = lru_cache(maxsize=4_096)(tag_key)


def _read_text(value: Any) -> str:  # noqa: ANN401 - a row can contain any value
    if type(value) is not str:
        raise TypeError("not text")
    if not value.isascii():
        # Bytes that are not valid UTF-8 were decoded to lone surrogates, for which encode() raises UnicodeEncodeError.
        value.encode()
    return value


def _read_flag(value: Any) -> bool:  # noqa: ANN401 - a row can contain any value
    if value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def _read_uuid(value: Any) -> UUID:  # noqa: ANN401 - a row can contain any value
    # asyncpg returns instances of its own UUID class.
    return UUID(value) if isinstance(value, str) else UUID(int=value.int)


def _read_object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a row can contain any value
    if value == "{}":
        return {}
    # asyncpg returns JSON values that are already parsed.
    parsed = value if isinstance(value, dict | list) else parse_json(value)
    if not isinstance(parsed, dict):
        raise TypeError("not a JSON object")
    return parsed


def _read_tags(value: str | None) -> list[str]:
    return list(_split_names(value)) if value else []


@lru_cache(maxsize=4_096)
def _split_names(names: str) -> tuple[str, ...]:
    # The names are sorted in Python, because SQLite and PostgreSQL would sort them differently.
    return tuple(sorted(names.split(_SEPARATOR), key=_sort_key))


# The converters for values of columns, by column type.
_READERS: dict[type[TypeEngine[Any]], Converter] = {
    String: _read_text,
    Integer: operator.index,
    Boolean: _read_flag,
    Instant: read_instant,
    Uuid: _read_uuid,
    JSON: _read_object,
}


class PostColumns:
    """A statement that selects fields of posts by name, and the conversion of the selected rows to Python types.

    A field is a column of `Post`, `author` (an e-mail address) or `tags` (tag names in the order of their keys). The
    values are converted in Python, not by SQLAlchemy, so that a value that cannot be read does not make the whole query
    fail.

    `converters` replaces the conversion to Python types for some fields. A converter receives the value that the driver
    returned. It raises one of the exceptions in `UNREADABLE` if it cannot convert the value.
    """

    def __init__(self, names: Sequence[str], converters: Mapping[str, Converter] | None = None) -> None:
        self.names = names
        by_name = {name: _reader(name) for name in names} | dict(converters or {})
        self.statement: Select[Any] = select(*map(_expression, names)).join(Post.author)
        self._required = [(name, by_name[name]) for name in names if not _is_nullable(name)]
        self._nullable = [(name, by_name[name]) for name in names if _is_nullable(name)]
        self._trashed = (converters or {}).get("status", PostStatus)(PostStatus.TRASHED.value)

    def read(self, row: Sequence[Any]) -> PostRow:
        """Return the converted values of a row by field name.

        Raises one of the exceptions in `UNREADABLE` if a value cannot be read.
        """
        values = dict(zip(self.names, row, strict=True))
        for name, convert in self._required:
            values[name] = convert(values[name])
        for name, convert in self._nullable:
            value = values[name]
            if value is not None:
                values[name] = convert(value)
        return values

    def read_displayed(self, row: Sequence[Any], on_fault: OnFault) -> PostRow:
        """Return the converted values of a row by field name. The status of a post in the trash is `trashed`.

        `on_fault` is called with a message about each value that cannot be read. Such a value is returned as None, or
        as an empty string if it should be text. An unknown status is returned unchanged.
        """
        try:
            values = self.read(row)
        except UNREADABLE:
            return self._read_partially(row, on_fault)
        if values.get("trashed_at") is not None:
            values["status"] = self._trashed
        return values

    def _read_partially(self, row: Sequence[Any], on_fault: OnFault) -> PostRow:
        stored = dict(zip(self.names, row, strict=True))
        values: PostRow = {}
        unreadable: list[str] = []
        for name, convert in (*self._required, *self._nullable):
            try:
                values[name] = None if stored[name] is None else convert(stored[name])
            except UNREADABLE:
                unreadable.append(name)
                values[name] = "" if convert is _read_text else None
        faults = list(check_row("posts", stored)) or [
            describe_invalid_value("posts", stored["id"], name, "cannot be read", stored[name]) for name in unreadable
        ]
        for fault in faults:
            on_fault(fault)
        if "status" in stored:
            is_trashed = stored.get("trashed_at") is not None
            values["status"] = self._trashed if is_trashed else str(stored["status"])
        return {name: values[name] for name in self.names}


def _expression(name: str) -> ColumnElement[Any]:
    if name == "author":
        return User.email.label(name)
    if name == "tags":
        return _TAG_NAMES.label(name)
    # SQLAlchemy does not convert values of the type String, so the value that the driver returns remains unchanged.
    return type_coerce(getattr(Post, name), String()).label(name)


def _reader(name: str) -> Converter:
    if name == "author":
        return _read_text
    if name == "tags":
        return _read_tags
    if name == "status":
        return _STORED_STATUSES.__getitem__
    column_type = Post.__table__.columns[name].type
    return next(reader for type_, reader in _READERS.items() if isinstance(column_type, type_))


def _is_nullable(name: str) -> bool:
    # `tags` is null for a post without tags, but the converter for `tags` handles null.
    return name not in ("author", "tags") and bool(Post.__table__.columns[name].nullable)
