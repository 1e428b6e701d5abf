"""The grammar of dates and times. Each pattern must match a whole text. `re` caches the compiled patterns."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

Match = re.Match[str]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAY_WORDS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_DIRECTIONS = {"last": -1, "this": 0, "next": 1}


def _join_names(names: tuple[str, ...]) -> str:
    return "|".join(f"{name[:3]}(?:{name[3:]})?" for name in names)


_WEEKDAY = _join_names(_WEEKDAYS)
_MONTH = _join_names(_MONTHS)
_UNIT = r"(?P<unit>min(?:ute)?s?|h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?|mo(?:nths?)?|y(?:ears?)?)"
_SHIFTS = (
    rf"(?P<sign>[+-]) ?(?P<number>\d+) ?{_UNIT}",
    rf"in (?P<number>\d+|an?) ?{_UNIT}",
    rf"(?P<number>\d+|an?) ?{_UNIT} (?P<sign>ago)",
)
_CLOCKS = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>[ap])m",
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?",
    "(?P<noon>noon)",
)
# In ISO 8601, a time without colons must follow a T.
_BASIC_CLOCK = r"(?P<hour>\d\d)(?:(?P<minute>\d\d)(?:(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
_OFFSET = r"(?: ?(?P<offset>Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?))?(?: (?P<zone>[A-Z][\w/+-]*))?"
_MOMENTS = (
    *(rf"(?:(?!at )(?P<day>.+?)(?:,? at |,? |(?<=\d)T))?(?:at )?{clock}{_OFFSET}" for clock in _CLOCKS),
    rf"(?P<day>\S+\d)T{_BASIC_CLOCK}{_OFFSET}",
)
_FILE_FORMAT = (
    r"now|today|yesterday|tomorrow|\d{4}-?(?:\d\d-?\d\d|W\d\d-?\d)(?:[T ]\d[\d:.,]*(?: ?(?:Z|[+-]\d[\d:]*))?)?"
)
# Maps each pattern to the hint for texts that match the pattern. The patterns match texts that are almost dates.
_CORRECTIONS = {
    r"\d{1,4}([./-])\d{1,2}(?:\1(?:\d{1,4})?)?(?: .*)?": "Write the date as year-month-day, for example 2024-05-31.",
    rf"(?:{_WEEKDAY})(?:,? (?:at )?\d{{1,2}}(?:[: ap].*)?)?": "Say which one, for example next monday or last monday.",
    r"(?:at )?\d{1,2}(?::\d\d)?(?: ?[ap]m)? (?:on )?(?:today|tomorrow|next .*|last .*|in .*|\d{4}-.*)": (
        "Write the day before the time, for example tomorrow 09:00."
    ),
    r"(?:(?:in|[+-]) ?)?(?:\d+|an?) ?m(?: ago)?": "Write min for minutes or mo for months.",
}


class Period(NamedTuple):
    """The days from `first` to the day before `after`. `after` is None if the period includes `date.max`."""

    first: date
    after: date | None


def read(text: str, now: datetime) -> Period | datetime:
    """Parse `text` as a period or a moment. The words of `text` must be separated by single spaces.

    A moment without a time zone is a local time in the zone of `now`. Raises ValueError if `text` is not a date or
    time, and OverflowError if the period or the moment is before the year 1 or after the year 9999.
    """
    if text.lower() == "now":
        return now
    for pattern in _SHIFTS:
        if shift := _match(pattern, text):
            return _shift(shift, now)
    for pattern in _MOMENTS:
        if moment := _match(pattern, text):
            return _parse_moment(moment, now)
    day = _read_day(text, now)
    return _make_days(day, 1) if day else _read_period(text, now.date())


def has_file_format(text: str) -> bool:
    """Return whether a text has one of the formats that are allowed in files."""
    return _match(_FILE_FORMAT, text) is not None


def suggest_format(text: str) -> str | None:
    """Return a hint for a text that is almost a date, or None for any other text."""
    return next((hint for pattern, hint in _CORRECTIONS.items() if _match(pattern, text)), None)


def _match(pattern: str, text: str) -> Match | None:
    return re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE)


def _find_index(name: str, names: tuple[str, ...]) -> int:
    return next(index for index, full_name in enumerate(names) if full_name.startswith(name[:3].lower()))


def _shift(shift: Match, now: datetime) -> datetime:
    """Return `now`, shifted by `shift`. A shift by days, weeks, months or years does not change the local time."""
    unit = shift["unit"].lower()
    if unit.startswith(("mi", "h")):
        minutes = _parse_number(shift) * (1 if unit.startswith("mi") else 60)
        return now.astimezone(UTC) + timedelta(minutes=minutes)
    # If the clocks skip the computed local time, it must be moved forward and not rejected. So it gets a time zone.
    return datetime.combine(_shift_day(shift, now.date()), now.time(), tzinfo=now.tzinfo)


def _shift_day(shift: Match, today: date) -> date:
    number = _parse_number(shift)
    unit = shift["unit"].lower()
    if unit.startswith("d"):
        return today + timedelta(days=number)
    if unit.startswith("w"):
        return today + timedelta(weeks=number)
    if unit.startswith(("mi", "h")):
        raise ValueError
    year, months = divmod(today.year * 12 + today.month - 1 + number * (12 if unit.startswith("y") else 1), 12)
    month = months + 1
    if not date.min.year <= year <= date.max.year:
        raise OverflowError
    last_day = 31 if month == 12 else (date(year, month + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(today.day, last_day))


def _parse_number(shift: Match) -> int:
    number = int(shift["number"]) if shift["number"].isdecimal() else 1
    return -number if (shift.groupdict().get("sign") or "").lower() in ("-", "ago") else number


def _parse_moment(match: Match, now: datetime) -> datetime:
    day = _read_day(match["day"], now) if match["day"] else now.date()
    if day is None:
        raise ValueError
    local = datetime.combine(day, _parse_clock(match.groupdict()))
    zone = _check_zone(match["zone"], now.tzinfo)
    if not match["offset"]:
        return local.replace(tzinfo=UTC) if zone is UTC else local
    moment = local.replace(tzinfo=_parse_offset(match["offset"]))
    if zone and moment.astimezone(zone).utcoffset() != moment.utcoffset():
        raise ValueError
    return moment


def _parse_clock(parts: dict[str, str | None]) -> time:
    if parts.get("noon"):
        return time(12)
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return time(hour, minute, second, int((parts.get("fraction") or "")[:6].ljust(6, "0")))


def _check_zone(name: str | None, zone: tzinfo | None) -> tzinfo | None:
    if name is None or name.lower() == "utc":
        return UTC if name else None
    if name.lower() != str(zone).lower():
        raise ValueError
    return zone


def _parse_offset(text: str) -> timezone:
    digits = re.sub(r"\D", "", text).ljust(6, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
    return timezone(-span if text.startswith("-") else span)


def _read_day(text: str, now: datetime) -> date | None:
    """Return the day that `text` describes, or None if `text` does not describe a day.

    Raises ValueError if the day does not exist.
    """
    today = now.date()
    if text.lower() in _DAY_WORDS:
        return today + timedelta(days=_DAY_WORDS[text.lower()])
    for pattern, day_of in _DAYS:
        if match := _match(pattern, text):
            return day_of(match, today)
    return None


def _parse_relative_weekday(match: Match, today: date) -> date:
    days_ahead = (_find_index(match["weekday"], _WEEKDAYS) - today.weekday()) % 7
    # The result is never today: on a Monday, "next monday" is in a week, and "last monday" was a week ago.
    return today + timedelta(days=(days_ahead or 7) if match["which"].lower() == "next" else days_ahead - 7)


def _parse_iso_day(match: Match, _: date) -> date:
    return _check_weekday(date(int(match["year"]), int(match["month"]), int(match["day"])), match)


def _parse_iso_week_day(match: Match, _: date) -> date:
    return date.fromisocalendar(int(match["year"]), int(match["week"]), int(match["day"]))


def _parse_worded_day(match: Match, _: date) -> date:
    day = date(int(match["year"]), _find_index(match["month"], _MONTHS) + 1, int(match["day"]))
    return _check_weekday(day, match)


def _check_weekday(day: date, match: Match) -> date:
    if match["weekday"] and _find_index(match["weekday"], _WEEKDAYS) != day.weekday():
        raise ValueError
    return day


_ON = rf"(?:(?P<weekday>{_WEEKDAY}),? )?"
_DAYS: tuple[tuple[str, Callable[[Match, date], date]], ...] = (
    (rf"(?P<which>next|last) (?P<weekday>{_WEEKDAY})", _parse_relative_weekday),
    (rf"{_ON}(?P<year>\d{{4}})(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)", _parse_iso_day),
    (r"(?P<year>\d{4})(?P<dash>-?)W(?P<week>\d\d)(?P=dash)(?P<day>\d)", _parse_iso_week_day),
    (rf"{_ON}(?P<day>\d{{1,2}}) (?P<month>{_MONTH}) (?P<year>\d{{4}})", _parse_worded_day),
    (rf"{_ON}(?P<month>{_MONTH}) (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})", _parse_worded_day),
    *((shift, _shift_day) for shift in _SHIFTS),
)


def _read_period(text: str, today: date) -> Period:
    if match := _match(r"(?P<year>\d{4})(?:-(?P<month>\d\d))?", text):
        return _make_months(int(match["year"]), int(match["month"] or 1), 1 if match["month"] else 12)
    if match := _match(r"(?P<year>\d{4})-?W(?P<week>\d\d)", text):
        return _make_days(date.fromisocalendar(int(match["year"]), int(match["week"]), 1), 7)
    if match := _match(rf"(?P<month>{_MONTH}) (?P<year>\d{{4}})", text):
        return _make_months(int(match["year"]), _find_index(match["month"], _MONTHS) + 1, 1)
    if match := _match(r"(?P<which>last|this|next) (?P<unit>week|month|year)", text):
        number = _DIRECTIONS[match["which"].lower()]
        unit = match["unit"].lower()
        if unit == "week":
            return _make_days(today + timedelta(days=7 * number - today.weekday()), 7)
        if unit == "year":
            return _make_months(today.year + number, 1, 12)
        months = today.year * 12 + today.month - 1 + number
        return _make_months(months // 12, months % 12 + 1, 1)
    raise ValueError


def _make_days(first: date, length: int) -> Period:
    try:
        return Period(first, first + timedelta(days=length))
    except OverflowError:
        return Period(first, None)


def _make_months(year: int, month: int, length: int) -> Period:
    first = date(year, month, 1)
    end_year, months = divmod(year * 12 + month - 1 + length, 12)
    return Period(first, date(end_year, months + 1, 1) if end_year <= date.max.year else None)
