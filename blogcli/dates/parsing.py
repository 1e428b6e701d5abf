"""Parse dates and times that users type or front matter contains, and return them as instants in UTC.

The page docs/dates.md lists the accepted formats. No library is used, because libraries that parse dates in
words guess the meaning of ambiguous texts: they parse 22 as 02:02, and 03/04/2024 as 3 April or as 4 March.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

from ..errors import InvalidError
from . import grammar
from .grammar import Period
from .zones import start_of_day, to_utc

T = TypeVar("T")

# The maximum length of a text. All accepted formats are shorter. A longer text is rejected without parsing.
_MAX_LENGTH = 100
_LAST = datetime.max.replace(tzinfo=UTC)
_EXPECTED = (
    "Use a date (2024-05-31, 2024-05, 2024, 2024-W22), a time (18:00, 2024-05-31T18:00, optionally with Z or an "
    "offset), or words (now, today, tomorrow 09:00, next monday, last week, +2d, in 3 days, 2 hours ago)."
)
_EXPECTED_IN_FILES = (
    "Use a date (2024-05-31), a time (2024-05-31T18:00, optionally with Z or an offset), now, today, yesterday or "
    "tomorrow."
)
_CALENDAR = "Use a year between 1 and 9999."


def parse_instant(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the instant that a typed text describes.

    For a day, week, month or year, the result is its first moment in `zone`. Raises InvalidError if the text is not a
    date or time, or if the clocks of `zone` skip or repeat the local time.
    """
    return _translate_errors(text, lambda: _find_start(_read(text, zone, now), zone, fold=None))


def parse_start(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the first instant of the time or period in a typed text, for options such as `--since`.

    If the clocks of `zone` repeat the local time, its first occurrence is used. Raises InvalidError if the text is not
    a date or time, or if the clocks skip the local time.
    """
    return _translate_errors(text, lambda: _find_start(_read(text, zone, now), zone, fold=0))


def parse_end(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the first instant after the time or period in a typed text, for options such as `--until`.

    If the clocks of `zone` repeat the local time, its second occurrence is used. Raises InvalidError if the text is not
    a date or time, or if the clocks skip the local time.
    """
    return _translate_errors(text, lambda: _find_end(_read(text, zone, now), zone))


def parse_file_instant(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the instant that a text in front matter describes.

    The text may be a date or time in ISO 8601 format, or one of the words now, today, yesterday and tomorrow. Raises
    InvalidError for any other text, or if the clocks of `zone` skip or repeat the local time.
    """
    if len(text) > _MAX_LENGTH or not grammar.has_file_format(_join_words(text)):
        raise _make_error(text, _EXPECTED_IN_FILES)
    return parse_instant(text, zone, now=now)


def _join_words(text: str) -> str:
    return " ".join(text.split())


def _read(text: str, zone: tzinfo, now: datetime) -> Period | datetime:
    if len(text) > _MAX_LENGTH:
        raise ValueError
    return grammar.read(_join_words(text), now.astimezone(zone))


def _translate_errors(text: str, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except OverflowError:
        raise _make_error(text, _CALENDAR) from None
    except ValueError:
        hint = None if len(text) > _MAX_LENGTH else grammar.suggest_format(_join_words(text))
        raise _make_error(text, hint or _EXPECTED) from None


def _make_error(text: str, hint: str) -> InvalidError:
    shown = f"{text[:_MAX_LENGTH]!r}..." if len(text) > _MAX_LENGTH else repr(text)
    return InvalidError(f"Not a date or time: {shown}", hint=hint)


def _find_start(parsed: Period | datetime, zone: tzinfo, *, fold: int | None) -> datetime:
    if isinstance(parsed, datetime):
        return to_utc(parsed, zone, fold=fold)
    start = start_of_day(parsed.first, zone)
    if parsed.after is not None and start == start_of_day(parsed.after, zone):
        raise InvalidError(
            f"There is no {parsed.first} in {zone}, because the clocks go forward",
            hint="Use the day before or after it.",
        )
    return start


def _find_end(parsed: Period | datetime, zone: tzinfo) -> datetime:
    if isinstance(parsed, datetime):
        instant = to_utc(parsed, zone, fold=1)
        return instant if instant == _LAST else instant + timedelta(microseconds=1)
    _find_start(parsed, zone, fold=0)
    if parsed.after is None:
        return _LAST
    return start_of_day(parsed.after, zone)
