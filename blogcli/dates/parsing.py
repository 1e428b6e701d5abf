"""Convert what people type, and what front matter contains, to instants in UTC.

README.md lists the accepted forms in its section "Dates". The grammar is our own because the libraries that parse
such words guess: they read 22 as 02:02, and 03/04/2024 as either of two days.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeVar

from ..errors import InvalidError
from . import grammar
from .grammar import Period
from .zones import start_of_day, to_utc

T = TypeVar("T")

# Longer than every accepted form, so that a long text costs nothing.
_MAX_LENGTH = 100
_LAST = datetime.max.replace(tzinfo=UTC)
_EXPECTED = (
    "Use a date (2024-05-31, 2024-05, 2024, 2024-W22), a time (18:00, 2024-05-31T18:00, with Z or an offset if you "
    "like), or words (now, today, tomorrow 09:00, next monday, last week, +2d, in 3 days, 2 hours ago)."
)
_EXPECTED_IN_FILES = (
    "Use a date (2024-05-31), a time (2024-05-31T18:00, with Z or an offset if you like), now, today, yesterday or "
    "tomorrow."
)
_CALENDAR = "The year must lie between 1 and 9999."


def parse_instant(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the instant that a person typed; a day, week, month or year stands for its first moment in `zone`.

    Raises InvalidError for text that names no date or time, and for a local time that the clocks of the zone skip or
    repeat.
    """
    return _checked(text, lambda: _start(_read(text, zone, now), zone, fold=None))


def parse_start(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the first instant of the time that a person typed, as `--since` needs it.

    A local time that the clocks repeat stands for its first occurrence. Raises InvalidError otherwise as
    `parse_instant` does.
    """
    return _checked(text, lambda: _start(_read(text, zone, now), zone, fold=0))


def parse_end(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the first instant after the time that a person typed, as `--until` needs it.

    A day, week, month or year ends with its last moment, every other time with itself. A local time that the clocks
    repeat stands for its second occurrence. Raises InvalidError otherwise as `parse_instant` does.
    """
    return _checked(text, lambda: _end(_read(text, zone, now), zone))


def parse_file_instant(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """Return the instant that the front matter of a file names: ISO 8601, now, today, yesterday or tomorrow.

    Raises InvalidError as `parse_instant` does, and for the other forms that only a person may type.
    """
    if len(text) > _MAX_LENGTH or not grammar.is_file_form(_words(text)):
        raise _no_date(text, _EXPECTED_IN_FILES)
    return parse_instant(text, zone, now=now)


def _words(text: str) -> str:
    return " ".join(text.split())


def _read(text: str, zone: tzinfo, now: datetime) -> Period | datetime:
    if len(text) > _MAX_LENGTH:
        raise ValueError
    return grammar.read(_words(text), now.astimezone(zone))


def _checked(text: str, parse: Callable[[], T]) -> T:
    try:
        return parse()
    except OverflowError:
        raise _no_date(text, _CALENDAR) from None
    except ValueError:
        hint = None if len(text) > _MAX_LENGTH else grammar.correction(_words(text))
        raise _no_date(text, hint or _EXPECTED) from None


def _no_date(text: str, hint: str) -> InvalidError:
    shown = f"{text[:_MAX_LENGTH]!r}..." if len(text) > _MAX_LENGTH else repr(text)
    return InvalidError(f"Not a date or time: {shown}", hint=hint)


def _start(found: Period | datetime, zone: tzinfo, *, fold: int | None) -> datetime:
    if isinstance(found, datetime):
        return to_utc(found, zone, fold=fold)
    start = start_of_day(found.first, zone)
    if found.after is not None and start == start_of_day(found.after, zone):
        raise InvalidError(
            f"There is no {found.first} in {zone}: the clocks go forward over it",
            hint="Name the day before or after it.",
        )
    return start


def _end(found: Period | datetime, zone: tzinfo) -> datetime:
    if isinstance(found, datetime):
        instant = to_utc(found, zone, fold=1)
        return instant if instant == _LAST else instant + timedelta(microseconds=1)
    _start(found, zone, fold=0)
    if found.after is None:
        return _LAST
    return start_of_day(found.after, zone)
