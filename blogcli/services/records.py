"""Rows -> the neutral records that go out."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from ..enums import PostStatus
from ..errors import InvalidError
from ..interchange.record import PostRecord, UserRecord
from ..models.base import read_instant
from ..repositories.listed import names_of
from ..repositories.values import faults_in


def user_record(row: Row[Any], *, with_hash: bool = False) -> UserRecord:
    """Return the record of a person, given as a row of `repositories.archive.PERSON`.

    The hash of the password is left out unless asked for. Raises InvalidError for a value that cannot be read.
    """
    try:
        return UserRecord(
            email=_text(row.email),
            full_name=_optional_text(row.full_name),
            is_active=_flag(row.is_active),
            hashed_password=_text(row.hashed_password) if with_hash else None,
            created_at=read_instant(row.created_at),
            updated_at=read_instant(row.updated_at),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _unreadable("users", row, error) from error


def post_record(row: Row[Any]) -> PostRecord:
    """Return the record of a post, given as a row of `repositories.archive.WHOLE`.

    Raises InvalidError for a value that cannot be read.
    """
    try:
        return PostRecord(
            uuid=UUID(str(row.uuid)),
            title=_text(row.title),
            author=_text(row.author),
            slug=_text(row.slug),
            content=_text(row.content),
            excerpt=_optional_text(row.excerpt),
            status=PostStatus(row.status),
            tags=tuple(names_of(row.tags)),
            extra=_object(row.extra),
            published_at=row.published_at and read_instant(row.published_at),
            created_at=read_instant(row.created_at),
            updated_at=read_instant(row.updated_at),
            trashed_at=row.trashed_at and read_instant(row.trashed_at),
            expires_at=row.expires_at and read_instant(row.expires_at),
            first_published_at=row.first_published_at and read_instant(row.first_published_at),
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable("posts", row, error) from error


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    if type(value) is not str or not (value.isascii() or _is_unicode(value)):
        raise TypeError("not text")
    return value


def _optional_text(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    return None if value is None else _text(value)


def _is_unicode(value: str) -> bool:
    # Raises UnicodeEncodeError for the half surrogates that stand for bytes that are not UTF-8.
    return value.encode() is not None


def _flag(value: Any) -> bool:  # noqa: ANN401 - whatever a row holds
    if value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a row holds
    if value == "{}":
        return {}
    # PostgreSQL's driver gives JSON already parsed.
    found = value if isinstance(value, dict | list) else json.loads(value)
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")
    return found


def _unreadable(table: str, row: Row[Any], error: Exception) -> InvalidError:
    faults = list(faults_in(table, row._asdict()))
    return InvalidError("; ".join(faults) or f"Row {row.id} of {table} cannot be read: {error}")
