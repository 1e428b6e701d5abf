"""Rules for the values that each column can contain if only blogcli has written to the database."""

import re
import uuid as uuids
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..enums import PostStatus
from ..text.emails import normalize_email, normalize_email_or_none
from ..text.json_text import parse_json
from ..text.limits import MAX_FULL_NAME, MAX_TITLE, UNSTORABLE, normalize_tag_name
from ..text.slugs import slug_problem

# A function that returns the reason why a value is invalid, or None if the value is valid.
Rule = Callable[[Any], str | None]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
# Matches most slugs. All of them are valid.
_USUAL_SLUG = re.compile(r"[a-z0-9-]{1,255}")
_HEX_32 = re.compile(r"[0-9a-f]{32}")
_STATUSES = {PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED}
_MAX_HASH_LENGTH = 255
_MAX_NUMBER = 2**31 - 1


def check_text(value: object, *, max_length: int | None = None, is_required: bool = False) -> str | None:
    """Return the reason why a value is not a valid text, or None if the value is valid."""
    if not isinstance(value, str):
        return "is not text"
    if "\0" in value:
        return "contains a NUL character"
    if not value.isascii() and UNSTORABLE.search(value):
        return "is not valid UTF-8"
    if max_length is not None and len(value) > max_length:
        return f"is longer than {max_length} characters"
    return "is empty" if is_required and not value.strip() else None


def _title(value: object) -> str | None:
    return check_text(value, max_length=MAX_TITLE, is_required=True)


def _slug(value: Any) -> str | None:  # noqa: ANN401 - a row can contain any value
    if isinstance(value, str) and _USUAL_SLUG.fullmatch(value):
        return None
    problem = check_text(value)
    if problem is None and (reason := slug_problem(value)):
        return f"is not a valid slug: {reason}"
    return problem


def _status(value: object) -> str | None:
    return None if value in _STATUSES else "is not a status"


def _uuid(value: object) -> str | None:
    if isinstance(value, uuids.UUID) or (isinstance(value, str) and _HEX_32.fullmatch(value)):
        return None
    return "is not a UUID"


def _instant(value: object) -> str | None:
    if isinstance(value, datetime):
        return None
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return "is not an instant"
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "is not an instant"
    return None


def _number(minimum: int) -> Rule:
    def rule(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return "is not a whole number"
        return None if minimum <= value <= _MAX_NUMBER else "is out of range"

    return rule


def _flag(value: object) -> str | None:
    return None if value in (0, 1) and isinstance(value, int) else "is neither true nor false"


def _extra(value: object) -> str | None:
    if value == "{}":
        return None
    try:
        parsed = parse_json(value) if isinstance(value, (str, bytes)) else value
    except ValueError:
        return "is not JSON"
    return None if isinstance(parsed, dict) else "is not a JSON object"


def _email(value: Any) -> str | None:  # noqa: ANN401 - a row can contain any value
    problem = check_text(value)
    if problem or normalize_email_or_none(value) == value:
        return problem
    try:
        # normalize_email_or_none() returns None for the longest valid addresses, because it appends a label to an
        # address before it validates the address. normalize_email() appends nothing.
        return None if normalize_email(value) == value else "is not a normalized address"
    except ValueError:
        return "is not an address"


def _tag_name(value: Any) -> str | None:  # noqa: ANN401 - a row can contain any value
    problem = check_text(value)
    if problem:
        return problem
    try:
        return None if normalize_tag_name(value) == value else "is not a normalized name"
    except ValueError:
        return "cannot be the name of a tag"


def _digest(value: object) -> str | None:
    return None if isinstance(value, str) and _HEX_32.fullmatch(value) else "is not a digest"


def _optional(rule: Rule) -> Rule:
    return lambda value: None if value is None else rule(value)


# The rules for the columns of each table. Messages identify a row by its value in the first column of the table.
COLUMN_RULES: dict[str, dict[str, Rule]] = {
    "users": {
        "id": _number(1),
        "email": _email,
        "hashed_password": lambda value: check_text(value, max_length=_MAX_HASH_LENGTH, is_required=True),
        "full_name": _optional(lambda value: check_text(value, max_length=MAX_FULL_NAME, is_required=True)),
        "is_active": _flag,
        "created_at": _instant,
        "updated_at": _instant,
    },
    "tags": {"id": _number(1), "name": _tag_name, "key": check_text},
    "posts": {
        "id": _number(1),
        "uuid": _uuid,
        "title": _title,
        "slug": _slug,
        "excerpt": _optional(check_text),
        "status": _status,
        "published_at": _optional(_instant),
        "trashed_at": _optional(_instant),
        "expires_at": _optional(_instant),
        "first_published_at": _optional(_instant),
        "author_id": _number(1),
        "words": _number(0),
        "version": _number(1),
        "created_at": _instant,
        "updated_at": _instant,
        "extra": _extra,
    },
    "post_imports": {
        "post_id": _number(1),
        "digest": _digest,
        "version": _number(0),
        "updated_at": _optional(_instant),
    },
}
