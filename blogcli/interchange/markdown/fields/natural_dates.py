"""Parse dates that contain names of months, `am` or `pm`, or names of time zones, as in e-mails and JavaScript."""

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
_FORMATS = [
    re.compile(pattern, re.IGNORECASE | re.ASCII)
    for pattern in (
        rf"{_WEEKDAY}{_MONTH} {_DAY},? (?P<year>\d{{4}})(?:(?:,| at)? {_CLOCK})?",
        # In e-mails, the year may have two digits.
        rf"{_WEEKDAY}{_DAY}[ -]{_MONTH}(?:-|,? )(?P<year>\d{{4}}|\d\d)(?:(?:,| at)? {_CLOCK})?",
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?) {_CLOCK}",
        rf"{_WEEKDAY}{_MONTH} {_DAY} {_CLOCK} (?P<year>\d{{4}})",
    )
]
# Maps UTC and the abbreviations of time zones that RFC 2822 defines to offsets in hours. Other abbreviations are
# ambiguous.
# https://www.rfc-editor.org/rfc/rfc2822#section-4.3
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7,
    "pst": -8,
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?", re.IGNORECASE | re.ASCII)


def parse_natural_date(typed: str) -> datetime | None:
    """Return the date and time in a text, or None if the text is not a date or contains more than a date and time.

    The result has a time zone only if the text contains a time zone. A weekday is ignored, even if it does not match
    the date.
    """
    line = " ".join(typed.split())
    match = next(filter(None, (pattern.fullmatch(line) for pattern in _FORMATS)), None)
    if match is None:
        return None
    with suppress(ValueError):
        day = datetime(_year(match["year"]), _month(match["month"]), int(match["day"]))  # noqa: DTZ001 - _with_time sets the time zone if the text names one
        return _with_time(day, match) if match["hour"] else day
    return None


def _year(typed: str) -> int:
    year = int(typed)
    return year if len(typed) == 4 else year + (2000 if year < 69 else 1900)


def _month(typed: str) -> int:
    return int(typed) if typed.isdigit() else _MONTHS.index(typed[:3].lower()) + 1


def _with_time(day: datetime, match: re.Match[str]) -> datetime:
    """Return the day with the time and the time zone of the match.

    Raises ValueError if the time or the time zone does not exist.
    """
    hour = int(match["hour"])
    half = match["half"]
    if (half and not 1 <= hour <= 12) or not (half or match["minute"]):
        raise ValueError
    if half:
        hour = hour % 12 + (12 if half in "pP" else 0)
    moment = day.replace(hour=hour, minute=int(match["minute"] or 0), second=int(match["second"] or 0))
    return moment.replace(tzinfo=_zone(match["zone"])) if match["zone"] else moment


def _zone(name: str) -> tzinfo:
    if name.lower() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.lower()]))
    offset = _OFFSET.fullmatch(name)
    if offset is None:
        return _named_zone(name)
    minutes = 60 * int(offset["hours"]) + int(offset["minutes"] or 0)
    if not minutes:
        return UTC
    return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))


def _named_zone(name: str) -> tzinfo:
    # The time zone database also has names such as CET and EST5EDT, but these abbreviations are ambiguous.
    if "/" not in name:
        raise ValueError
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError from None
