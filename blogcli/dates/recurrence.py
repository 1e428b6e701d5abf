"""Recurrence rules in the syntax of iCalendar (RFC 5545)."""

import re
from collections.abc import Iterator
from datetime import datetime

from ..errors import InvalidError

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")


def _list_of(item: str) -> str:
    return f"(?:{item})(?:,(?:{item}))*+"


# The parts of a rule, each with the pattern of its value. The library accepts other values as well, but does not end
# with some of them, such as INTERVAL=0.
_PARTS = {
    "FREQ": "|".join(_FREQUENCIES),
    "INTERVAL": r"0*[1-9]\d{0,3}",
    "BYDAY": _list_of(r"(?:[+-]?\d{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)"),
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
    "BYMONTH": _list_of(r"0?[1-9]|1[0-2]"),
    "BYHOUR": _list_of(r"[01]?\d|2[0-3]"),
    "BYMINUTE": _list_of(r"[0-5]?\d"),
    **dict.fromkeys(("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"), _list_of(r"[+-]?\d{1,3}")),
}
_HINT = f"Use FREQ={'|'.join(_FREQUENCIES)} with INTERVAL, WKST, BYDAY, BYHOUR, BYMINUTE and other BY parts."


def parse_recurrence(text: str, start: datetime) -> Iterator[datetime]:
    """Return the local times from `start` on that a rule in upper case describes.

    A time of the day that the rule does not contain is that of `start`. Raises InvalidError if the rule is invalid,
    contains a part that is not supported, such as COUNT, or describes no time.
    """
    _check_parts(text)
    from dateutil.rrule import rrulestr  # noqa: PLC0415 - only commands with such a rule need the library

    try:
        times = iter(rrulestr(text, dtstart=start))
        first = next(times, None)
    except (ValueError, OverflowError) as error:
        raise InvalidError(f"Not a recurrence rule: {text!r} ({error})", hint=_HINT) from None
    if first is None:
        raise InvalidError(f"The rule {text!r} describes no time", hint=_HINT)
    return _chain(first, times)


def _chain(first: datetime, times: Iterator[datetime]) -> Iterator[datetime]:
    yield first
    yield from times


def _check_parts(text: str) -> None:
    """Raise InvalidError if a part of a rule is unknown, is repeated or has an invalid value."""
    values: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name in ("COUNT", "UNTIL"):
            raise InvalidError(
                f"{name} is not possible in a rule for slots",
                hint="Leave it out: each post gets one slot, so the number of posts ends the series.",
            )
        if name not in _PARTS or name in values or not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise InvalidError(f"Not a part of a recurrence rule: {part!r}", hint=_HINT)
        values[name] = value
    if "FREQ" not in values:
        raise InvalidError(f"The rule {text!r} has no FREQ", hint=_HINT)
    if re.search(r"\d", values.get("BYDAY", "")) and values["FREQ"] not in ("MONTHLY", "YEARLY"):
        raise InvalidError("Days with numbers, such as 1MO, need FREQ=MONTHLY or FREQ=YEARLY", hint=_HINT)
