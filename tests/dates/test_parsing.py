"""Tests of parsing dates and times that users type or files contain."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blogcli.dates import parse_end, parse_file_instant, parse_instant, parse_start, start_of_month
from blogcli.errors import InvalidError

BERLIN = ZoneInfo("Europe/Berlin")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
# In Berlin, it is already the first of June at this instant.
NOW = datetime(2024, 5, 31, 23, 30, tzinfo=UTC)


Parser = Callable[..., datetime]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-31", "2024-05-30T22:00Z"),
        ("2024-01-31", "2024-01-30T23:00Z"),
        ("2024-05-31T18:00", "2024-05-31T16:00Z"),
        ("2024-05-31 18:00:01.5", "2024-05-31T16:00:01.500Z"),
        ("2024-05-31T18:00Z", "2024-05-31T18:00Z"),
        ("2024-05-31T18:00 Z", "2024-05-31T18:00Z"),
        ("2024-05-31T18:00+05:45", "2024-05-31T12:15Z"),
        ("2024-05-31 18:00 +0200", "2024-05-31T16:00Z"),
        (" today ", "2024-05-31T22:00Z"),
        ("YESTERDAY", "2024-05-30T22:00Z"),
        ("tomorrow", "2024-06-01T22:00Z"),
        ("now", "2024-05-31T23:30Z"),
    ],
)
def test_parse_instant_uses_zone(text: str, expected: str) -> None:
    for parse in (parse_instant, parse_start, parse_file_instant):
        parsed = parse(text, BERLIN, now=NOW)
        assert parsed == instant(expected)
        assert parsed.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("2018", "2018-01-01T00:00", timedelta(days=365)),
        ("2018-11", "2018-11-01T00:00", timedelta(days=30)),
        ("nov 2018", "2018-11-01T00:00", timedelta(days=30)),
        ("2018-W22", "2018-05-28T00:00", timedelta(days=7)),
        ("2020W53", "2020-12-28T00:00", timedelta(days=7)),
        ("20240131", "2024-01-31T00:00", timedelta(days=1)),
        ("2024-W05-3", "2024-01-31T00:00", timedelta(days=1)),
        ("2024w053", "2024-01-31T00:00", timedelta(days=1)),
        ("Wed 31 January 2024", "2024-01-31T00:00", timedelta(days=1)),
        ("Jan 31, 2024", "2024-01-31T00:00", timedelta(days=1)),
        ("next monday", "2024-06-03T00:00", timedelta(days=1)),
        ("NEXT Sat", "2024-06-08T00:00", timedelta(days=1)),
        ("last saturday", "2024-05-25T00:00", timedelta(days=1)),
        ("last friday", "2024-05-31T00:00", timedelta(days=1)),
        ("last week", "2024-05-20T00:00", timedelta(days=7)),
        ("this week", "2024-05-27T00:00", timedelta(days=7)),
        ("next week", "2024-06-03T00:00", timedelta(days=7)),
        ("last month", "2024-05-01T00:00", timedelta(days=31)),
        ("this month", "2024-06-01T00:00", timedelta(days=30)),
        ("next year", "2025-01-01T00:00", timedelta(days=365)),
    ],
)
def test_parse_start_and_end_cover_period(text: str, start: str, length: timedelta) -> None:
    assert parse_instant(text, BERLIN, now=NOW) == parse_start(text, BERLIN, now=NOW) == local(start)
    end = parse_end(text, BERLIN, now=NOW).astimezone(BERLIN).replace(tzinfo=None)
    assert end - datetime.fromisoformat(start) == length


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:00", "2024-06-01T18:00"),
        ("9:00", "2024-06-01T09:00"),
        ("9am", "2024-06-01T09:00"),
        ("9:30 PM", "2024-06-01T21:30"),
        ("12am", "2024-06-01T00:00"),
        ("12pm", "2024-06-01T12:00"),
        ("noon", "2024-06-01T12:00"),
        ("at 9:00", "2024-06-01T09:00"),
        ("tomorrow  09:00", "2024-06-02T09:00"),
        ("yesterday at 9am", "2024-05-31T09:00"),
        ("next monday 18:00:30", "2024-06-03T18:00:30"),
        ("in 3 days 08:15", "2024-06-04T08:15"),
        ("+1w 08:15", "2024-06-08T08:15"),
        ("31 Jan 2025, 8:15", "2025-01-31T08:15"),
        ("2025-W05-5 noon", "2025-01-31T12:00"),
        ("20250131T0815", "2025-01-31T08:15"),
        ("2025-01-31t08", "2025-01-31T08:00"),
        ("2025-01-31 8:15:01,25", "2025-01-31T08:15:01.250000"),
        ("2025-01-31 07:15 UTC", "2025-01-31T08:15"),
        ("2025-01-31 08:15 europe/berlin", "2025-01-31T08:15"),
        ("+2d", "2024-06-03T01:30"),
        ("-3w", "2024-05-11T01:30"),
        ("+1mo", "2024-07-01T01:30"),
        ("-1y", "2023-06-01T01:30"),
        ("+ 2 days", "2024-06-03T01:30"),
        ("in 3 days", "2024-06-04T01:30"),
        ("in a month", "2024-07-01T01:30"),
        ("3 weeks ago", "2024-05-11T01:30"),
        ("an hour AGO", "2024-06-01T00:30"),
        ("+4h", "2024-06-01T05:30"),
        ("+30min", "2024-06-01T02:00"),
        ("+0d", "2024-06-01T01:30"),
    ],
)
def test_parse_instant_accepts_words_and_times(text: str, expected: str) -> None:
    parsed = parse_instant(text, BERLIN, now=NOW)
    assert parsed == parse_start(text, BERLIN, now=NOW) == local(expected)
    assert parse_end(text, BERLIN, now=NOW) == parsed + timedelta(microseconds=1)


def test_parse_instant_clamps_to_last_day_of_month() -> None:
    now = instant("2024-01-31T12:00Z")
    assert parse_instant("+1mo", BERLIN, now=now) == instant("2024-02-29T12:00Z")
    assert parse_instant("+13mo", BERLIN, now=now) == instant("2025-02-28T12:00Z")
    assert parse_instant("+1y", BERLIN, now=instant("2024-02-29T12:00Z")) == instant("2025-02-28T12:00Z")


def test_parse_instant_shifts_across_clock_changes() -> None:
    # This is noon in Berlin on the day before the clocks go from 02:00 to 03:00.
    now = instant("2024-03-30T11:00Z")
    assert parse_instant("+1d", BERLIN, now=now) == instant("2024-03-31T10:00Z")
    assert parse_instant("+24h", BERLIN, now=now) == instant("2024-03-31T11:00Z")
    # The clocks skip 02:30 on 31 March. The user did not type this local time, so it is moved forward and not rejected.
    assert parse_instant("+1d", BERLIN, now=instant("2024-03-30T01:30Z")) == instant("2024-03-31T01:30Z")


INVALID_TEXTS = [
    *("", " ", "soon", "2024-02-30", "31.05.2024", "2024-05-31T25:00", "2024-13-01", "now now", "12", "202405"),
    *("03/04/2024", "12.05.", "5-6-2024", "2018-1", "2018-13", "2018-W54", "2019-W53", "2024-0531", "2024-W225"),
    *("monday", "friday 17:00", "5m", "+5 m", "2 weeks", "in 3", "ago", "+d", "- -3d", "+2h 18:00", "0000", "10000"),
    *("9am tomorrow", "24:00", "18:60", "13pm", "0am", "6 pm 7", "noon noon", "2024 18:00", "last week 09:00"),
    *("Mon 2024-05-31", "30 feb 2024", "5 may", "2024-05-31T18:00+25:00", "2024-05-31 18:00 Mars/Base", "2024-05-31Z"),
    *("2024-10-27 02:30+05:00 Europe/Berlin", "2024-05-31T", "2024-05-31x18:00", "\u0662\u0660\u0662\u0664"),
    *("\uff12\uff10\uff12\uff14-05-31", "+\u0663d", "in \u00b2 days", "2024-05-31\x00", "\udcff", "last \u017funday"),
    *(
        "+999999999999d",
        "-9999y",
        "+9" * 60,
        "in 999999999999999999999999 hours",
        "9" * 90,
        "-3000y",
        "999999 weeks ago",
    ),
    *("x" * 1_000_000, " " * 1_000_000, "1" * 1_000_000, "18:00 " * 100_000, "+1d" * 100_000, "2024-05-31" + "." * 100),
]


@pytest.mark.parametrize("text", INVALID_TEXTS, ids=lambda text: ascii(text[:20]))
def test_parse_instant_refuses_invalid_text_with_short_message(text: str) -> None:
    for parse in (parse_instant, parse_start, parse_end, parse_file_instant):
        with pytest.raises(InvalidError) as raised:
            parse(text, BERLIN, now=NOW)
        assert raised.value.message.startswith("Not a date or time: ")
        assert len(raised.value.message) < 700
        assert raised.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("03/04/2024", "year-month-day"),
        ("monday", "next monday or last monday"),
        ("friday 17:00", "next monday or last monday"),
        ("+5m", "min for minutes or mo for months"),
        ("9am tomorrow", "the day before the time"),
        ("-9999y", "between 1 and 9999"),
        ("soon", "2024-05-31, 2024-05, 2024, 2024-W22"),
    ],
)
def test_parse_instant_suggests_correct_format(text: str, hint: str) -> None:
    with pytest.raises(InvalidError) as raised:
        parse_instant(text, BERLIN, now=NOW)
    assert hint in str(raised.value.hint)


@pytest.mark.parametrize("text", ["tomorrow 09:00", "+2d", "next monday", "18:00", "2018", "2018-11", "5 May 2024"])
def test_parse_file_instant_refuses_words_and_partial_dates(text: str) -> None:
    parse_instant(text, BERLIN, now=NOW)
    with pytest.raises(InvalidError, match="Not a date or time"):
        parse_file_instant(text, BERLIN, now=NOW)


def test_parse_instant_refuses_skipped_time() -> None:
    for parse in (parse_instant, parse_start, parse_end, parse_file_instant):
        with pytest.raises(InvalidError, match="clocks go forward") as raised:
            parse("2024-03-31T02:30", BERLIN, now=NOW)
        assert "2024-03-31 01:30 or 2024-03-31 03:30" in str(raised.value.hint)
    assert parse_instant("2024-03-31T02:30+01:00", BERLIN, now=NOW) == instant("2024-03-31T01:30Z")


@pytest.mark.parametrize("parse", [parse_instant, parse_file_instant])
def test_parse_instant_refuses_repeated_time(parse: Parser) -> None:
    with pytest.raises(InvalidError, match="occurs twice in Europe/Berlin") as raised:
        parse("2024-10-27T02:30", BERLIN, now=NOW)
    hint = str(raised.value.hint)
    for offset, utc in (("+02:00", "00:30Z"), ("+01:00", "01:30Z")):
        assert f"2024-10-27T02:30{offset}" in hint
        assert parse(f"2024-10-27T02:30{offset}", BERLIN, now=NOW) == instant(f"2024-10-27T{utc}")


def test_parse_start_and_end_include_both_repeated_times() -> None:
    assert parse_start("2024-10-27 02:30", BERLIN, now=NOW) == instant("2024-10-27T00:30Z")
    assert parse_end("2024-10-27 02:30", BERLIN, now=NOW) == instant("2024-10-27T01:30:00.000001Z")


def test_parse_start_refuses_skipped_day() -> None:
    # In Samoa, there was no 30 December 2011, because the country moved to the other side of the date line.
    apia = ZoneInfo("Pacific/Apia")
    for parse in (parse_instant, parse_start, parse_end):
        with pytest.raises(InvalidError, match="There is no 2011-12-30 in Pacific/Apia"):
            parse("2011-12-30", apia, now=NOW)
    assert parse_end("2011-12-29", apia, now=NOW) == parse_instant("2011-12-31", apia, now=NOW)


def test_parse_start_of_day_within_skipped_hour() -> None:
    # On 30 March 1919, the clocks in Toronto went from 23:30 to 00:30.
    toronto = ZoneInfo("America/Toronto")
    assert parse_instant("1919-03-31", toronto, now=NOW) == instant("1919-03-31T04:30Z")
    assert parse_end("1919-03-30", toronto, now=NOW) == instant("1919-03-31T04:30Z")


def test_parse_start_of_day_with_skipped_midnight() -> None:
    # On 4 November 2018, the clocks in São Paulo went from 00:00 to 01:00.
    assert parse_instant("2018-11-04", SAO_PAULO, now=NOW) == instant("2018-11-04T03:00Z")
    assert parse_end("2018-11-03", SAO_PAULO, now=NOW) == instant("2018-11-04T03:00Z")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01", KATHMANDU),
        ("0001", KATHMANDU),
        ("9999-12-31T23:59", SAO_PAULO),
        ("0001-01-01T00:00+01:00", BERLIN),
        ("9999-12-31T23:59:59-12:00", BERLIN),
    ],
)
def test_parse_instant_refuses_time_outside_calendar(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(InvalidError, match="Not a date or time"):
        parse_instant(text, zone, now=NOW)


@pytest.mark.parametrize("day", ["2024-03-31", "2024-10-27", "2024-02-29", "2024-12-31"])
def test_parse_end_equals_start_of_next_day(day: str) -> None:
    next_day = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    assert parse_end(day, BERLIN, now=NOW) == parse_instant(next_day, BERLIN, now=NOW)


@pytest.mark.parametrize(("text", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("today", 24)])
def test_length_of_day_follows_clock_changes(text: str, hours: int) -> None:
    length = parse_end(text, BERLIN, now=NOW) - parse_instant(text, BERLIN, now=NOW)
    assert length == timedelta(hours=hours)


def test_parse_end_of_instant_is_next_microsecond() -> None:
    assert parse_end("2024-05-31T18:00Z", BERLIN, now=NOW) == instant("2024-05-31T18:00:00.000001Z")


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12", "9999", "9999-W52-5", "9999-12-31T23:59:59.999999Z"])
def test_parse_end_of_last_day_is_end_of_calendar(text: str) -> None:
    assert parse_end(text, UTC, now=NOW) == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("months_back", "expected"),
    [(0, "2024-05-31T22:00Z"), (1, "2024-04-30T22:00Z"), (-1, "2024-06-30T22:00Z"), (6, "2023-11-30T23:00Z")],
)
def test_start_of_month_is_midnight_in_zone(months_back: int, expected: str) -> None:
    assert start_of_month(NOW, BERLIN, months_back=months_back) == instant(expected)


def test_start_of_month_crosses_end_of_year() -> None:
    assert start_of_month(instant("2024-12-05T00:00Z"), UTC, months_back=-1) == instant("2025-01-01T00:00Z")
    assert start_of_month(instant("2024-01-05T00:00Z"), UTC, months_back=1) == instant("2023-12-01T00:00Z")
