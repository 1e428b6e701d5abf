"""Tests of the rules for slots: days and times, intervals, and recurrence rules."""

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.dates.slots import SlotRule, parse_interval, parse_slots
from blogcli.errors import InvalidError, UsageError

BERLIN = ZoneInfo("Europe/Berlin")
# A Friday, 10:00 in Berlin.
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


def local_times(rule: SlotRule, zone: tzinfo = BERLIN, *, count: int = 4, now: datetime = NOW) -> list[str]:
    return [f"{slot.at.astimezone(zone):%a %m-%d %H:%M}" for slot in islice(rule.slots(now), count)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("MO,WE,FR 09:00", ["Mon 11-30 09:00", "Wed 12-02 09:00", "Fri 12-04 09:00", "Mon 12-07 09:00"]),
        ("fr,Monday 10:00", ["Mon 11-30 10:00", "Fri 12-04 10:00", "Mon 12-07 10:00", "Fri 12-11 10:00"]),
        ("Fri 10:01", ["Fri 11-27 10:01", "Fri 12-04 10:01", "Fri 12-11 10:01", "Fri 12-18 10:01"]),
        ("18:30, 9:00", ["Fri 11-27 18:30", "Sat 11-28 09:00", "Sat 11-28 18:30", "Sun 11-29 09:00"]),
        ("SA, SU noon,6pm", ["Sat 11-28 12:00", "Sat 11-28 18:00", "Sun 11-29 12:00", "Sun 11-29 18:00"]),
        ("tu 9:30 am", ["Tue 12-01 09:30", "Tue 12-08 09:30", "Tue 12-15 09:30", "Tue 12-22 09:30"]),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9",
            ["Mon 11-30 09:00", "Wed 12-02 09:00", "Fri 12-04 09:00", "Mon 12-07 09:00"],
        ),
        ("rrule:freq=daily;", ["Sat 11-28 00:00", "Sun 11-29 00:00", "Mon 11-30 00:00", "Tue 12-01 00:00"]),
        (
            "FREQ=MONTHLY;BYDAY=1MO,-1FR;BYHOUR=9;BYMINUTE=30",
            ["Mon 12-07 09:30", "Fri 12-25 09:30", "Mon 01-04 09:30", "Fri 01-29 09:30"],
        ),
        ("FREQ=HOURLY;INTERVAL=6", ["Fri 11-27 12:00", "Fri 11-27 18:00", "Sat 11-28 00:00", "Sat 11-28 06:00"]),
    ],
)
def test_slots_are_next_times_of_rule(text: str, expected: list[str]) -> None:
    assert local_times(parse_slots(text, BERLIN)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "mo", "09:00 mo", "MO 25:00", "MO 9", "XX 09:00", "MO,,WE 09:00", "MO 09:00,", "MO 09:00Z", "2024"),
        *("next monday 09:00", "MO " * 200, "MO 09:00:30", "٣:٠٠", "moonday 09:00", "BYDAY=MO", "FREQ=DAILY;COUNT=2"),
        *("FREQ=DAILY;UNTIL=20270101", "FREQ=MINUTELY", "FREQ=SECONDLY", "FREQ=DAILY;INTERVAL=0", "FREQ=", "=", "a=b"),
        *("FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;BYEASTER=1", "FREQ=WEEKLY;BYDAY=1MO"),
        *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYSETPOS=400;BYDAY=MO", "FREQ=DAILY;BYSETPOS=0"),
        *(
            "FREQ=DAILY\nDTSTART:20260101",
            "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
            "FREQ=DAILY;BYMONTHDAY=x",
            "\0",
            "\ud800",
        ),
    ],
)
def test_invalid_rule_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_slots(text, BERLIN)
    assert caught.value.hint
    assert len(caught.value.message) < 700


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ("1w", ["Sat 01-31 09:00", "Sat 02-07 09:00", "Sat 02-14 09:00", "Sat 02-21 09:00"]),
        ("2 days", ["Sat 01-31 09:00", "Mon 02-02 09:00", "Wed 02-04 09:00", "Fri 02-06 09:00"]),
        ("1mo", ["Sat 01-31 09:00", "Sat 02-28 09:00", "Tue 03-31 09:00", "Thu 04-30 09:00"]),
        ("90min", ["Sat 01-31 09:00", "Sat 01-31 10:30", "Sat 01-31 12:00", "Sat 01-31 13:30"]),
    ],
)
def test_interval_counts_from_start(interval: str, expected: list[str]) -> None:
    start = datetime(2026, 1, 31, 8, tzinfo=UTC)
    rule = parse_interval(interval, start=start, zone=BERLIN)
    assert local_times(rule, now=datetime(2026, 1, 1, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    "text", ["", "0d", "00w", "-1d", "1", "d", "1m", "1 fortnight", "1.5d", "99999d", "1d 09:00", "x" * 9999]
)
def test_invalid_interval_is_refused(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_interval(text, start=NOW, zone=BERLIN)
    assert caught.value.hint


def test_interval_with_start_in_past_is_refused() -> None:
    with pytest.raises(UsageError, match=r"Fri 2026-11-27 10:00 Europe/Berlin is in the past"):
        next(parse_interval("1d", start=NOW, zone=BERLIN).slots(NOW))


@pytest.mark.parametrize(
    "rule",
    [
        parse_slots("02:30", BERLIN),
        parse_slots("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", BERLIN),
        parse_interval("1d", start=datetime(2027, 3, 27, 1, 30, tzinfo=UTC), zone=BERLIN),
    ],
)
def test_time_that_clocks_skip_is_moved_forward(rule: SlotRule) -> None:
    slots = list(islice(rule.slots(datetime(2027, 3, 27, 1, 29, tzinfo=UTC)), 3))
    assert [f"{slot.at:%d %H:%M}" for slot in slots] == ["27 01:30", "28 01:30", "29 00:30"]
    assert [slot.note for slot in slots] == [
        None,
        "There is no 2027-03-28 02:30 in Europe/Berlin, because the clocks go forward; 2027-03-28 03:30 is used.",
        None,
    ]


@pytest.mark.parametrize(
    "rule",
    [
        parse_slots("02:30", BERLIN),
        parse_slots("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", BERLIN),
        parse_interval("1d", start=datetime(2027, 10, 30, 0, 30, tzinfo=UTC), zone=BERLIN),
    ],
)
def test_time_that_occurs_twice_is_its_first_occurrence(rule: SlotRule) -> None:
    slots = list(islice(rule.slots(datetime(2027, 10, 30, 0, 29, tzinfo=UTC)), 3))
    assert [f"{slot.at:%d %H:%M}" for slot in slots] == ["30 00:30", "31 00:30", "01 01:30"]
    assert [slot.note for slot in slots] == [
        None,
        "2027-10-31 02:30 occurs twice in Europe/Berlin, because the clocks go back; the first time is used.",
        None,
    ]


def test_slots_end_with_calendar() -> None:
    late = datetime(9999, 12, 30, 12, tzinfo=UTC)
    for zone in (UTC, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")):
        for rule in (
            parse_slots("09:00", zone),
            parse_slots("FREQ=DAILY;BYHOUR=9", zone),
            parse_interval("1d", start=late.replace(hour=13), zone=zone),
            parse_interval("999y", start=late.replace(hour=13), zone=zone),
        ):
            assert 1 <= len(list(rule.slots(late))) <= 2


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 23),
    st.integers(0, 59),
    st.integers(0, 40_000_000),
)
def test_days_and_times_mean_same_as_recurrence_rule(days: set[int], hour: int, minute: int, elapsed: int) -> None:
    now = NOW + timedelta(minutes=elapsed)
    names = ",".join(("MO", "TU", "WE", "TH", "FR", "SA", "SU")[day] for day in days)
    weekly = parse_slots(f"{names} {hour:02}:{minute:02}", BERLIN)
    recurrence = parse_slots(f"FREQ=WEEKLY;BYDAY={names};BYHOUR={hour};BYMINUTE={minute}", BERLIN)
    assert list(islice(weekly.slots(now), 30)) == list(islice(recurrence.slots(now), 30))
