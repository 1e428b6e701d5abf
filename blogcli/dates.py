"""What people type for an instant, a day or a span -> aware instants in UTC, and how these are written; pure."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .errors import InvalidError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RELATIVE_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_EXPECTED = (
    "Use a date (2024-05-31), a time (2024-05-31T18:00, with Z or an offset if you like), now, today or yesterday."
)


def parse_instant(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """The instant that `text` names; a day means its first moment in `zone`.

    Raises InvalidError for a date that does not exist and for a local time that the zone skips.
    """
    words = text.strip().lower()
    if words == "now":
        return now.astimezone(UTC)
    day = _day_of(words, zone, now)
    if day is not None:
        return _to_utc(datetime.combine(day, time()), zone, text, skipped_is_next=True)
    return _to_utc(_parse(text), zone, text)


def parse_end(text: str, zone: tzinfo, *, now: datetime) -> datetime:
    """The first instant after what `text` names: a day ends with its last moment, an instant with itself.

    Raises InvalidError as `parse_instant` does.
    """
    day = _day_of(text.strip().lower(), zone, now)
    if day is None:
        return parse_instant(text, zone, now=now) + timedelta(microseconds=1)
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return _to_utc(datetime.combine(day + timedelta(days=1), time()), zone, text, skipped_is_next=True)


def rfc_3339(instant: datetime) -> str:
    """The instant in UTC as RFC 3339 has it, with microseconds where it has any."""
    # Most are in UTC already.
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return f"{utc.isoformat()[:-6]}Z"


def start_of_month(moment: datetime, zone: tzinfo, *, months_back: int = 0) -> datetime:
    """The first moment, in UTC, of the month that holds `moment` in `zone`, or of one before it."""
    local = moment.astimezone(zone)
    months = local.year * 12 + local.month - 1 - months_back
    first = datetime.combine(date(months // 12, months % 12 + 1, 1), time())
    return _to_utc(first, zone, first.isoformat(), skipped_is_next=True)


def _day_of(words: str, zone: tzinfo, now: datetime) -> date | None:
    if words in _RELATIVE_DAYS:
        return now.astimezone(zone).date() + timedelta(days=_RELATIVE_DAYS[words])
    if not _DAY.fullmatch(words):
        return None
    return _parse(words).date()


def _parse(text: str) -> datetime:
    try:
        return datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d|Z|z)", "", text.strip()))
    except ValueError:
        raise InvalidError(f"Not a date or time: {text!r}", hint=_EXPECTED) from None


def _to_utc(moment: datetime, zone: tzinfo, text: str, *, skipped_is_next: bool = False) -> datetime:
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        instant = moment.replace(tzinfo=zone).astimezone(UTC)
        skipped = instant.astimezone(zone).replace(tzinfo=None) != moment
    except OverflowError:
        raise InvalidError(f"Not a date or time: {text!r}", hint="The year must lie between 1 and 9999.") from None
    if skipped and not skipped_is_next:
        raise InvalidError(
            f"There is no {text} in {zone}: the clocks go forward over it",
            hint="Name a time before or after the change, or give an offset such as +02:00.",
        )
    return instant
