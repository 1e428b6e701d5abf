"""Values of Ghost's columns, whatever type an export gives them; pure."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# As seconds, numbers beyond it lie after the year 5000, so they are milliseconds.
_MOST_SECONDS = 10**11


def identity(value: object) -> str | None:
    """An id as a text, whether it was a number or not; None for what is none."""
    return text_of(value) or None


def text_of(value: object) -> str | None:
    """The text, or the number as a text; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def is_set(value: object) -> bool:
    """Whether it is what databases and exports take for true: true, 1 and "1"."""
    return value in (True, "1", "true")


def is_empty(value: object) -> bool:
    """Whether it says nothing: null, and an empty text, list or object."""
    return value is None or value in ("", [], {})


def instant_of(value: object) -> datetime | None:
    """The instant, in UTC where it does not say otherwise, of a text or of a number since 1970; ValueError for others.

    None where there is nothing, and for the zeros that MySQL writes instead.
    """
    if is_empty(value):
        return None
    if isinstance(value, str) and not value.isdigit():
        return None if _is_zero(value) else _of_text(value.strip())
    text = text_of(value)
    if text is None:
        raise ValueError(value)
    number = float(text)
    try:
        return _EPOCH + (timedelta(milliseconds=number) if abs(number) >= _MOST_SECONDS else timedelta(seconds=number))
    except OverflowError:
        raise ValueError(value) from None


def _is_zero(text: str) -> bool:
    return not text.strip("0-: T.Z") and "0" in text


def _of_text(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _of_mail(text)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None


def _of_mail(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError, AttributeError):
        raise ValueError(text) from None


def plain_object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a value of JSON
    """The object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def lists(value: object) -> list[list[Any]]:
    """The lists of a list; none of anything else."""
    return [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
