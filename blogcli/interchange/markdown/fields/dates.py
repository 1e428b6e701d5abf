"""Parse dates and times in the formats that the front matter of blogs contains."""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from pydantic import JsonValue

from ....errors import InvalidError
from ....text.truncate_repr import quoted
from ..values import text
from .natural_dates import parse_natural_date

_DAY = re.compile(r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", re.ASCII)
# Matches the position before an hour with one digit, where ISO 8601 requires a zero.
_SHORT_HOUR = re.compile(r"(?<=\d[ Tt])(?=\d:)")
# Some posts in the blog of the Jekyll project repeat the year, as in 2023-01-29 18:30:22 2023 -0800.
_REPEATED_YEAR = re.compile(r"^(\d{4})(-\S+ \S+) \1(?= [+-]\d)", re.ASCII)
_OFFSET = re.compile(r"(?<=\d)\s*(?:(?:UTC|GMT)?\s*(?P<offset>[+-]\d{2}:?\d{2})|UTC|GMT)$", re.IGNORECASE | re.ASCII)
_TIME = re.compile(r"\d:\d")
# The maximum number of characters in a text that is parsed as a date. Usual dates in every supported format are
# shorter.
_MAX_LENGTH = 64


def iso_text(typed: str) -> str:
    """Convert a numeric date to ISO 8601 format, for example `2024/5/31 9:00` to `2024-05-31 09:00`.

    Slashes and dots in the date are replaced, missing zeros are added, and a repeated year is removed. A text that
    contains no numeric date is not converted.
    """
    without_repeated_year = _REPEATED_YEAR.sub(r"\1\2", typed.strip())
    return _SHORT_HOUR.sub("0", _DAY.sub(_iso_day, without_repeated_year), count=1)


def parse_instant(name: str, value: JsonValue, zone: tzinfo) -> datetime:
    """Parse the value of the field `name` as a date and time, and return the instant in UTC.

    A time without an offset is a local time in `zone`. If the clocks of the zone skip the local time, the time is moved
    forward by the length of the gap. Raises InvalidError if the value is not a date.
    """
    typed = text(name, value)
    moment = (_parse_iso(typed) or parse_natural_date(typed)) if len(typed) <= _MAX_LENGTH else None
    if moment is None:
        raise _invalid_date(name, typed)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise _invalid_date(name, typed) from None


def _parse_iso(typed: str) -> datetime | None:
    iso = iso_text(typed)
    if _TIME.search(iso):
        iso = _OFFSET.sub(lambda match: match["offset"] or "+00:00", iso)
    with suppress(ValueError):
        return datetime.fromisoformat(iso)
    return None


def _invalid_date(name: str, typed: str) -> InvalidError:
    return InvalidError(f"{name}: not a date or time: {quoted(typed)}")


def _iso_day(day: re.Match[str]) -> str:
    return f"{day['year']}-{day['month']:0>2}-{day['day']:0>2}"
