"""Parse the rules of `post schedule`, and list the times that a rule gives, which are called slots."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import count
from typing import NamedTuple, Protocol

from ..errors import InvalidError, UsageError
from . import grammar
from .printing import format_instant
from .recurrence import parse_recurrence
from .zones import resolve_local

_MAX_LENGTH = 500
_DAY_NAMES = ("mo", "tu", "we", "th", "fr", "sa", "su")
_DAY = re.compile(r"(mo|tu|we|th|fr|sa|su)|(mon|tues|wednes|thurs|fri|satur|sun)day|(mon|tue|wed|thu|fri|sat|sun)")
_CLOCK = re.compile(r"noon|\d{1,2}(?::\d\d)? ?[ap]m|\d{1,2}:\d\d")
_RULE_HINT = "Write days and times, such as 'MO,WE,FR 09:00' or '09:00,18:00', or a rule such as FREQ=WEEKLY;BYDAY=MO."
_INTERVAL_HINT = "Write a number and a unit, such as 1w, 3d, 12h or 1mo."


class Slot(NamedTuple):
    """A time at which a post can be scheduled, in UTC, and a note if the clocks skip or repeat its local time."""

    at: datetime
    note: str | None = None


class SlotRule(Protocol):
    """A rule that gives times at which posts can be scheduled."""

    def slots(self, now: datetime) -> Iterator[Slot]:
        """Yield the slots after `now` in order of time. The iteration may be endless."""
        ...


@dataclass(frozen=True)
class Interval:
    """The time `start`, and the times that follow it in steps of `number` units."""

    start: datetime
    number: int
    unit: str
    zone: tzinfo

    def slots(self, now: datetime) -> Iterator[Slot]:
        """Yield `start` and the times after it until the end of the calendar.

        Days and longer units keep the local time of `start`. Raises UsageError if `start` is not after `now`.
        """
        if self.start <= now:
            raise UsageError(f"{format_instant(self.start, self.zone)} is in the past", hint="Use a future time.")
        local_start = self.start.astimezone(self.zone)
        yield Slot(self.start)
        for step in count(1):
            try:
                moment = _read_moment(f"+{step * self.number}{self.unit}", local_start)
                # Hours and minutes are counted as elapsed time, and the result is an instant in UTC.
                is_instant = moment.tzinfo is UTC
                yield Slot(moment) if is_instant else Slot(*resolve_local(moment.replace(tzinfo=None), self.zone))
            except OverflowError:
                return


@dataclass(frozen=True)
class WeeklyTimes:
    """Times of the day on some days of the week, in a time zone. Monday is day 0."""

    weekdays: frozenset[int]
    times: tuple[time, ...]
    zone: tzinfo

    def slots(self, now: datetime) -> Iterator[Slot]:
        """Yield the slots after `now` until the end of the calendar."""
        day = now.astimezone(self.zone).date()
        for number in count():
            try:
                current = day + timedelta(days=number)
                if current.weekday() in self.weekdays:
                    for clock in self.times:
                        slot = Slot(*resolve_local(datetime.combine(current, clock), self.zone))
                        if slot.at > now:
                            yield slot
            except OverflowError:
                return


@dataclass(frozen=True)
class Recurrence:
    """A recurrence rule in the syntax of iCalendar (RFC 5545), in a time zone."""

    text: str
    zone: tzinfo

    def slots(self, now: datetime) -> Iterator[Slot]:
        """Yield the slots after `now`. Intervals are counted from the day of `now`."""
        midnight = datetime.combine(now.astimezone(self.zone).date(), time())
        for local in parse_recurrence(self.text, midnight):
            try:
                slot = Slot(*resolve_local(local, self.zone))
            except OverflowError:
                return
            if slot.at > now:
                yield slot


def parse_interval(text: str, *, start: datetime, zone: tzinfo) -> Interval:
    """Return the rule for `start` and the times that follow it in steps of a text such as `1w`.

    Raises InvalidError if the text is not a positive number with a unit.
    """
    words = " ".join(text.split())
    match = re.fullmatch(r"(0*[1-9]\d{0,3}) ?([a-z]+)", words, re.ASCII | re.IGNORECASE)
    if match and _is_unit(match[2]):
        return Interval(start, int(match[1]), match[2], zone)
    hint = grammar.suggest_format(f"+{words}") if len(words) < _MAX_LENGTH else None
    raise InvalidError(f"Not an interval: {_quote(text)}", hint=hint or _INTERVAL_HINT)


def _is_unit(word: str) -> bool:
    try:
        _read_moment(f"+1{word}", datetime(2000, 1, 1, tzinfo=UTC))
    except ValueError:
        return False
    return True


def parse_slots(text: str, zone: tzinfo) -> SlotRule:
    """Return the rule that a text describes.

    The text consists of days and times, such as `MO,WE,FR 09:00`, of times only, or it is a recurrence rule such as
    `FREQ=WEEKLY;BYDAY=MO`. Raises InvalidError for any other text.
    """
    if len(text) > _MAX_LENGTH:
        raise InvalidError(f"Not a rule for slots: {_quote(text)}", hint=_RULE_HINT)
    words = " ".join(text.split())
    if "=" in words:
        rule = Recurrence(words.upper().removeprefix("RRULE:").removesuffix(";"), zone)
        parse_recurrence(rule.text, datetime(2000, 1, 1))  # noqa: DTZ001 - recurrences are computed in local time
        return rule
    # A comma may be followed by a blank.
    days, _, times = re.sub(r" ?, ?", ",", words).rpartition(" ")
    if re.fullmatch(r"[ap]m", times, re.IGNORECASE):
        days, _, clock = days.rpartition(" ")
        times = f"{clock} {times}"
    try:
        weekdays = frozenset(map(_parse_day, days.split(","))) if days else frozenset(range(7))
        return WeeklyTimes(weekdays, tuple(sorted({_parse_clock(clock) for clock in times.split(",")})), zone)
    except ValueError:
        raise InvalidError(f"Not a rule for slots: {_quote(text)}", hint=_RULE_HINT) from None


def _parse_day(text: str) -> int:
    if not _DAY.fullmatch(text.lower()):
        raise ValueError
    return _DAY_NAMES.index(text[:2].lower())


def _parse_clock(text: str) -> time:
    if not _CLOCK.fullmatch(text.lower()):
        raise ValueError
    return _read_moment(text, datetime(2000, 1, 1, tzinfo=UTC)).time()


def _read_moment(text: str, now: datetime) -> datetime:
    moment = grammar.read(text, now)
    if not isinstance(moment, datetime):
        raise ValueError(text)  # noqa: TRY004 - the text is invalid, and `grammar.read` raises ValueError as well
    return moment


def _quote(text: str) -> str:
    return f"{text[:_MAX_LENGTH]!r}..." if len(text) > _MAX_LENGTH else repr(text)
