"""Dates with the names of months, halves of the day or zones, as people, mails and JavaScript write them."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? )?"
_TIME = r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?)?(?: ?(?P<half>[ap])\.?m\.?(?![a-z]))?"
_ZONE = r"(?: ?(?P<zone>[+-][\d:]+|[a-z]++(?>(?:[/_+-][a-z\d_:]+)*))(?: \([^()]*\))?)?"
_CLOCK = rf"{_TIME}{_ZONE}"
_FORMS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_WEEKDAY}{_MONTH} {_DAY},? (?P<year>\d{{4}})(?:(?:,| at)? {_CLOCK})?",
        # Mails may have two digits of the year.
        rf"{_WEEKDAY}{_DAY}[ -]{_MONTH}(?:-|,? )(?P<year>\d{{4}}|\d\d)(?:(?:,| at)? {_CLOCK})?",
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?) {_CLOCK}",
        rf"{_WEEKDAY}{_MONTH} {_DAY} {_CLOCK} (?P<year>\d{{4}})",
    )
]
# https://www.rfc-editor.org/rfc/rfc2822#section-4.3 - others have several meanings.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7,
    "pst": -8,
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE | re.ASCII)


def parse_natural_date(typed: str) -> datetime | None:
    """The moment of such a text, without a zone where it has none; None unless every word of it is understood.

    A day of the week is not held against the date.
    """
    line = " ".join(typed.split())
    found = next(filter(None, (form.fullmatch(line) for form in _FORMS)), None)
    if found is None:
        return None
    with suppress(ValueError):
        moment = datetime(_year(found["year"]), _month(found["month"]), int(found["day"]))  # noqa: DTZ001 - it follows
        return _at_time(moment, found) if found["hour"] else moment
    return None


def _year(typed: str) -> int:
    year = int(typed)
    return year if len(typed) == 4 else year + (2000 if year < 69 else 1900)


def _month(typed: str) -> int:
    return int(typed) if typed.isdigit() else _MONTHS.index(typed[:3].lower()) + 1


def _at_time(day: datetime, found: re.Match[str]) -> datetime:
    """The day at that time; ValueError where there is no such time or zone."""
    hour, half = int(found["hour"]), found["half"]
    if (half and not 1 <= hour <= 12) or not (half or found["minute"]):
        raise ValueError
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    moment = day.replace(hour=hour, minute=int(found["minute"] or 0), second=int(found["second"] or 0))
    return moment.replace(tzinfo=_zone(found["zone"])) if found["zone"] else moment


def _zone(name: str) -> tzinfo:
    if name.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.lower()]))
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return _named_zone(name)
    minutes = 60 * int(offset["hours"]) + int(offset["minutes"] or 0)
    return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes)) if minutes else UTC


def _named_zone(name: str) -> tzinfo:
    # CET, EST5EDT and others are there too, but not everybody means by them what is there.
    if "/" not in name:
        raise ValueError
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError from None
