"""Values in rows that blogcli cannot have written: another program put them there, or a constraint is gone."""

import json
import re
import uuid as uuids
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import Any, NoReturn, cast

from sqlalchemy import Connection, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ..enums import PostStatus
from ..errors import BlogError, InvalidError
from ..text.casefold import tag_key
from ..text.emails import email_address, known_address
from ..text.limits import MAX_FULL_NAME, MAX_TITLE, UNSTORABLE, tag_name
from ..text.slugs import slug_problem

# Why a value cannot have been written, or None where it can.
Rule = Callable[[Any], str | None]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_HEX_32 = re.compile(r"[0-9a-f]{32}")
_STATUSES = {PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED}
_ANY_INSTANT = "2000-01-01T00:00:00.000000Z"
_MOST_HASH = 255
_MOST_NUMBER = 2**31 - 1
_MOST_SHOWN = 60


def _string(value: object, *, most: int | None = None, is_filled: bool = False) -> str | None:
    if not isinstance(value, str):
        return "is not text"
    found = None if value.isascii() and "\0" not in value else UNSTORABLE.search(value)
    if found:
        return "holds a NUL character" if found[0] == "\0" else "is not valid UTF-8"
    if most is not None and len(value) > most:
        return f"is longer than {most} characters"
    return "is empty" if is_filled and not value.strip() else None


def _title(value: object) -> str | None:
    return _string(value, most=MAX_TITLE, is_filled=True)


def _slug(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    problem = _string(value)
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


def _number(least: int) -> Rule:
    def rule(value: object) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return "is not a whole number"
        return None if least <= value <= _MOST_NUMBER else "is out of range"

    return rule


def _flag(value: object) -> str | None:
    return None if value in (0, 1) and isinstance(value, int) else "is neither true nor false"


def _extra(value: object) -> str | None:
    if value == "{}":
        return None
    try:
        parsed = json.loads(value) if isinstance(value, (str, bytes)) else value
    except (ValueError, RecursionError):
        return "is not JSON"
    return None if isinstance(parsed, dict) else "is not a JSON object"


def _email(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    problem = _string(value)
    if problem or known_address(value) == value:
        return problem
    try:
        # The longest addresses are known by this function only.
        return None if email_address(value) == value else "is not a normalized address"
    except ValueError:
        return "is not an address"


def _tag_name(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    problem = _string(value)
    if problem:
        return problem
    try:
        return None if tag_name(value) == value else "is not a normalized name"
    except ValueError:
        return "cannot be the name of a tag"


def _digest(value: object) -> str | None:
    return None if isinstance(value, str) and _HEX_32.fullmatch(value) else "is not a digest"


def _optional(rule: Rule) -> Rule:
    return lambda value: None if value is None else rule(value)


# The columns of each table that have a rule; the first names the row.
_RULES: dict[str, dict[str, Rule]] = {
    "users": {
        "id": _number(1),
        "email": _email,
        "hashed_password": lambda value: _string(value, most=_MOST_HASH, is_filled=True),
        "full_name": _optional(lambda value: _string(value, most=MAX_FULL_NAME, is_filled=True)),
        "is_active": _flag,
        "created_at": _instant,
        "updated_at": _instant,
    },
    "tags": {"id": _number(1), "name": _tag_name, "key": _string},
    "posts": {
        "id": _number(1),
        "uuid": _uuid,
        "title": _title,
        "slug": _slug,
        "excerpt": _optional(_string),
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
    "post_imports": {"post_id": _number(1), "digest": _digest, "version": _number(0)},
}
_NOUNS = {"users": "User", "tags": "Tag", "posts": "Post", "post_imports": "The import of post"}


def faults_in(table: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the values of a row, given as the driver returns them; columns may be missing."""
    key = next(iter(_RULES[table]))
    for column, rule in _RULES[table].items():
        if column in row and (reason := rule(row[column])):
            yield fault(table, row[key], column, reason, row[column])
    if table == "tags" and _string(row["name"]) is None and row["key"] != tag_key(row["name"]):
        yield fault(table, row[key], "key", "is not the key of the name", row["key"])


def fault(table: str, id_: object, column: str, reason: str, value: object) -> str:
    """Say in one line which value of which row is wrong, and why."""
    shown = repr(value)
    short = shown if len(shown) <= _MOST_SHOWN else f"{shown[:_MOST_SHOWN]}..."
    return f"{_NOUNS[table]} {id_}: {column} {reason}: {short}"


def refuse(line: str) -> NoReturn:
    """Raise InvalidError for a value that cannot be read, which the line names with its row."""
    raise InvalidError(line, hint="`blogcli db check` names all such values.")


def odd_values(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with values in all rows, but for the content of posts."""
    dialect = connection.dialect.name
    for table in _RULES:
        rows = connection.execute(_all_rows(table, dialect), execution_options={"yield_per": 1_000})
        for row in rows.mappings():
            yield from faults_in(table, cast("Mapping[str, Any]", row))


def content_fault(id_: int, content: object) -> str | None:
    """Say what is wrong with the content of a post, if anything is."""
    reason = _string(content)
    return fault("posts", id_, "content", reason, content) if reason else None


def is_unexpected(error: Exception) -> bool:
    """Whether an exception may come from a value that cannot be read: none of ours, and no failure of the database."""
    if isinstance(error, DBAPIError):
        return "decode" in str(error.orig).lower()
    return not isinstance(error, (BlogError, OSError))


async def some_odd_values(session: AsyncSession, *, most: int = 3) -> list[str]:
    """Return what is wrong with the first values that blogcli cannot have written, if there are any."""
    connection = await session.connection()
    await read_any_text(connection)
    return await connection.run_sync(lambda sync: list(islice(chain(odd_values(sync), _odd_contents(sync)), most)))


def _odd_contents(connection: Connection) -> Iterator[str]:
    rows = connection.execute(text("SELECT id, content FROM posts ORDER BY id"), execution_options={"yield_per": 100})
    yield from filter(None, (content_fault(id_, content) for id_, content in rows))


async def read_any_text(connection: AsyncConnection) -> None:
    """Let texts that are not valid UTF-8 be read, with half surrogates for their odd bytes, instead of failing."""
    if connection.dialect.name == "sqlite":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.text_factory = _decode


def _decode(data: bytes) -> str:
    return data.decode(errors="surrogateescape")


def _all_rows(table: str, dialect: str) -> TextClause:
    columns = ", ".join(_column(name, dialect) for name in _RULES[table])
    return text(f"SELECT {columns} FROM {table} ORDER BY 1")  # noqa: S608 - names from the table above


def _column(name: str, dialect: str) -> str:
    if dialect == "sqlite":
        return name
    if name == "extra":
        return "CASE json_typeof(extra) WHEN 'object' THEN '{}' ELSE extra::text END AS extra"
    if name.endswith("_at"):
        # The driver fails to read an instant outside of Python's calendar.
        return (
            f"CASE WHEN isfinite({name}) AND {name} NOT BETWEEN '0001-01-01 00:00:00+00' "
            f"AND '9999-12-31 23:59:59.999999+00' THEN {name}::text "
            f"WHEN {name} IS NOT NULL THEN '{_ANY_INSTANT}' END AS {name}"
        )
    return name
