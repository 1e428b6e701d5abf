"""Parse the dates of Ghost exports, and format dates for Ghost."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ...dates import rfc_3339
from ...text.truncate_repr import quoted
from ..notes import NoteCode, OnNote
from .values import as_text, is_empty

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A number of this size or larger is a number of milliseconds. As a number of seconds, it would be a date after the year
# 5000.
_MAX_SECONDS = 10**11


def read_date(name: str, row: Mapping[str, Any], on_note: OnNote) -> datetime | None:
    """Return the date in the column `name` of a row, or None if the column is empty or does not contain a valid date.

    Adds a note about a value that is not a valid date.
    """
    try:
        return parse_date(row.get(name))
    except ValueError:
        on_note(NoteCode.DATE_INFERRED, f"{name} is not a valid date and was ignored: {quoted(row.get(name))}")
        return None


def parse_date(value: object) -> datetime | None:
    """Parse a date that is a string, or a number of seconds or milliseconds since 1970.

    A date without an offset from UTC is interpreted as UTC. Returns None for an empty value, and also for a date in
    which all digits are zero, because MySQL uses such dates as empty values. Raises ValueError if the value is not a
    date.
    """
    if is_empty(value):
        return None
    if isinstance(value, str) and not value.isdigit():
        return None if _is_zero_date(value) else _parse_text(value.strip())
    text = as_text(value)
    if text is None:
        raise ValueError(value)
    number = float(text)
    try:
        return _EPOCH + (timedelta(milliseconds=number) if abs(number) >= _MAX_SECONDS else timedelta(seconds=number))
    except OverflowError:
        raise ValueError(value) from None


def format_date(date: datetime | None) -> str | None:
    """Return a date formatted in UTC with milliseconds, or None if `date` is None."""
    return None if date is None else rfc_3339(date, timespec="milliseconds")


def _is_zero_date(text: str) -> bool:
    return not text.strip("0-: T.Z") and "0" in text


def _parse_text(text: str) -> datetime:
    try:
        date = datetime.fromisoformat(text)
    except ValueError:
        date = _parse_rfc_822(text)
    if date.tzinfo is None:
        return date.replace(tzinfo=UTC)
    try:
        return date.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


def _parse_rfc_822(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError, AttributeError):
        raise ValueError(text) from None
