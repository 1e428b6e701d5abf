"""Tests of formatting instants, and of parsing the results."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blogcli.dates import format_instant, parse_end, parse_file_instant, parse_instant, parse_start, rfc_3339
from blogcli.errors import InvalidError

NOW = datetime(2024, 5, 31, 23, 30, tzinfo=UTC)
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
NAMES = ("Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "America/Toronto", "Etc/GMT+12", "UTC")
ZONES = st.sampled_from(NAMES).map(ZoneInfo)
INSTANTS = st.datetimes(timezones=st.just(UTC))
PIECES = st.sampled_from(
    [
        *("now", "today", "tomorrow", "next", "last", "in", "at", "ago", "+", "-", "monday", "w", "mo", "day", "week"),
        *("2024", "-05", "-31", "T", " ", " ", "18:00", "9", "am", "Z", "+02:00", "UTC", "W22", "May", ":", ".", "\0"),
    ]
)


@pytest.mark.parametrize(
    ("instant", "zone", "expected"),
    [
        ("2026-12-07T08:00Z", "Europe/Berlin", "Mon 2026-12-07 09:00 Europe/Berlin"),
        ("2026-12-07T08:00Z", "UTC", "Mon 2026-12-07 08:00 UTC"),
        ("2026-12-07T23:30:05.9Z", "Asia/Kathmandu", "Tue 2026-12-08 05:15:05 Asia/Kathmandu"),
        ("2024-10-27T00:30Z", "Europe/Berlin", "Sun 2024-10-27 02:30+02:00 Europe/Berlin"),
        ("2024-10-27T01:30Z", "Europe/Berlin", "Sun 2024-10-27 02:30+01:00 Europe/Berlin"),
        ("0001-01-01T00:00Z", "UTC", "Mon 0001-01-01 00:00 UTC"),
        ("0001-01-01T00:00Z", "America/Sao_Paulo", "Mon 0001-01-01 00:00 UTC"),
        ("9999-12-31T23:59Z", "Asia/Kathmandu", "Fri 9999-12-31 23:59 UTC"),
    ],
)
def test_format_instant_uses_zone(instant: str, zone: str, expected: str) -> None:
    assert format_instant(datetime.fromisoformat(instant), ZoneInfo(zone)) == expected


@given(instant=INSTANTS, zone=ZONES)
@example(instant=FIRST, zone=ZoneInfo("Etc/GMT+12"))
@example(instant=LAST, zone=ZoneInfo("Europe/Berlin"))
@example(instant=datetime(2024, 10, 27, 1, 30, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin"))
def test_format_instant_is_parsed_again(instant: datetime, zone: ZoneInfo) -> None:
    for parse in (parse_instant, parse_start):
        assert parse(format_instant(instant, zone), zone, now=NOW) == instant.replace(microsecond=0)
    for parse in (parse_instant, parse_file_instant):
        assert parse(rfc_3339(instant), zone, now=NOW) == instant


@given(text=st.lists(PIECES, max_size=6).map("".join) | st.text(max_size=20), now=INSTANTS, zone=ZONES)
@example(text="9999-12-31T23:59:59.999999Z", now=NOW, zone=ZoneInfo("UTC"))
@example(text="today", now=FIRST, zone=ZoneInfo("Asia/Kathmandu"))
@example(text="next week", now=LAST, zone=ZoneInfo("Etc/GMT+12"))
@example(text="+1d", now=LAST, zone=ZoneInfo("Europe/Berlin"))
def test_every_text_is_refused_or_ends_after_start(text: str, now: datetime, zone: ZoneInfo) -> None:
    try:
        start = parse_start(text, zone, now=now)
        end = parse_end(text, zone, now=now)
    except InvalidError:
        return
    assert start < end or start == end == LAST
    assert end - start <= timedelta(days=367)
