"""Dates as blogs write them -> instants in UTC."""

import re
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from pydantic import JsonValue

from ....errors import InvalidError
from ...truncate_repr import quoted
from ..values import text
from .natural_dates import parse_natural_date

_DAY = re.compile(r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", re.ASCII)
_HOUR = re.compile(r"(?<=\d[ Tt])(?=\d:)")
# Seen in Jekyll's own posts: 2023-01-29 18:30:22 2023 -0800.
_SECOND_YEAR = re.compile(r"^(\d{4})(-\S+ \S+) \1(?= [+-]\d)", re.ASCII)
_OFFSET = re.compile(r"(?<=\d)\s*(?:(?:UTC|GMT)?\s*(?P<offset>[+-]\d{2}:?\d{2})|UTC|GMT)$", re.IGNORECASE | re.ASCII)
_MAX_SIZE = 64
_TIME = re.compile(r"\d:\d")


def iso_text(typed: str) -> str:
    """The date as ISO 8601 has it, where only its digits and marks differ from that."""
    bare = _SECOND_YEAR.sub(r"\1\2", typed.strip())
    return _HOUR.sub("0", _DAY.sub(_iso_day, bare), count=1)


def parse_instant(name: str, value: JsonValue, zone: tzinfo) -> datetime:
    """The instant of a field, in UTC, local to `zone` without an offset; InvalidError where it is none.

    A local time that the clocks of the zone skip is as much later as they go forward.
    """
    typed = text(name, value)
    moment = (_iso_moment(typed) or parse_natural_date(typed)) if len(typed) <= _MAX_SIZE else None
    if moment is None:
        raise _no_date(name, typed)
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        raise _no_date(name, typed) from None


def _iso_moment(typed: str) -> datetime | None:
    iso = iso_text(typed)
    if _TIME.search(iso):
        iso = _OFFSET.sub(lambda found: found["offset"] or "+00:00", iso)
    with suppress(ValueError):
        return datetime.fromisoformat(iso)
    return None


def _no_date(name: str, typed: str) -> InvalidError:
    return InvalidError(f"{name}: not a date or time: {quoted(typed)}")


def _iso_day(day: re.Match[str]) -> str:
    return f"{day['year']}-{day['month']:0>2}-{day['day']:0>2}"
