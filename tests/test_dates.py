"""What people type for an instant."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blogcli.dates import parse_end, parse_instant, start_of_month
from blogcli.errors import InvalidError

BERLIN = ZoneInfo("Europe/Berlin")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
# In Berlin it is the first of June already.
NOW = datetime(2024, 5, 31, 23, 30, tzinfo=UTC)


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
def test_an_instant_is_read_in_the_zone_of_the_blog(text: str, expected: str) -> None:
    found = parse_instant(text, BERLIN, now=NOW)
    assert found == instant(expected)
    assert found.tzinfo is UTC


@pytest.mark.parametrize("text", ["", "soon", "2024-02-30", "31.05.2024", "2024-05-31T25:00", "2024-13-01", "now now"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InvalidError, match="Not a date or time") as raised:
        parse_instant(text, BERLIN, now=NOW)
    assert "2024-05-31" in str(raised.value.hint)


def test_a_local_time_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(InvalidError, match="clocks go forward"):
        parse_instant("2024-03-31T02:30", BERLIN, now=NOW)
    assert parse_instant("2024-03-31T02:30+01:00", BERLIN, now=NOW) == instant("2024-03-31T01:30Z")


def test_a_local_time_that_comes_twice_is_the_first() -> None:
    assert parse_instant("2024-10-27T02:30", BERLIN, now=NOW) == instant("2024-10-27T00:30Z")


def test_a_day_whose_midnight_is_skipped_starts_when_the_clocks_do() -> None:
    # On 4 November 2018 São Paulo went from 00:00 to 01:00.
    assert parse_instant("2018-11-04", SAO_PAULO, now=NOW) == instant("2018-11-04T03:00Z")
    assert parse_end("2018-11-03", SAO_PAULO, now=NOW) == instant("2018-11-04T03:00Z")


@pytest.mark.parametrize(
    ("text", "zone"),
    [("0001-01-01", KATHMANDU), ("9999-12-31T23:59", SAO_PAULO), ("0001-01-01T00:00+01:00", BERLIN)],
)
def test_an_instant_beyond_the_calendar_is_refused(text: str, zone: ZoneInfo) -> None:
    with pytest.raises(InvalidError, match="Not a date or time"):
        parse_instant(text, zone, now=NOW)


@pytest.mark.parametrize("day", ["2024-03-31", "2024-10-27", "2024-02-29", "2024-12-31"])
def test_a_day_ends_where_the_next_begins(day: str) -> None:
    following = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()
    assert parse_end(day, BERLIN, now=NOW) == parse_instant(following, BERLIN, now=NOW)


@pytest.mark.parametrize(("text", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("today", 24)])
def test_a_day_lasts_as_long_as_the_clocks_say(text: str, hours: int) -> None:
    length = parse_end(text, BERLIN, now=NOW) - parse_instant(text, BERLIN, now=NOW)
    assert length == timedelta(hours=hours)


def test_an_instant_ends_right_behind_itself() -> None:
    assert parse_end("2024-05-31T18:00Z", BERLIN, now=NOW) == instant("2024-05-31T18:00:00.000001Z")


def test_the_last_day_ends_with_the_calendar() -> None:
    assert parse_end("9999-12-31", UTC, now=NOW) == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("back", "expected"),
    [(0, "2024-05-31T22:00Z"), (1, "2024-04-30T22:00Z"), (-1, "2024-06-30T22:00Z"), (6, "2023-11-30T23:00Z")],
)
def test_a_month_starts_at_midnight_in_the_zone(back: int, expected: str) -> None:
    assert start_of_month(NOW, BERLIN, months_back=back) == instant(expected)


def test_december_is_followed_by_january() -> None:
    assert start_of_month(instant("2024-12-05T00:00Z"), UTC, months_back=-1) == instant("2025-01-01T00:00Z")
    assert start_of_month(instant("2024-01-05T00:00Z"), UTC, months_back=1) == instant("2023-12-01T00:00Z")
