"""Tests that dates with names of months or time zones are parsed completely or refused."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import InvalidError
from blogcli.interchange.markdown.fields.dates import parse_instant
from blogcli.interchange.markdown.fields.natural_dates import parse_natural_date

BERLIN = ZoneInfo("Europe/Berlin")
WORDS = (
    "Sat, 27 Jan 2024 January 27th 10:00 10:30:15 PM a.m. at UTC+2 GMT-0800 (PST) CET Europe/Berlin +0200 2024-01-27"
)


def error_of(typed: str) -> str:
    with pytest.raises(InvalidError) as caught:
        parse_instant("date", typed, BERLIN)
    return caught.value.message


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("27 Jan 2024 10:00 PM", "2024-01-27T21:00Z"),
        ("January 27, 2024 10:30 PM", "2024-01-27T21:30Z"),
        ("January 27th, 2024 at 12:05 a.m.", "2024-01-26T23:05Z"),
        ("Jan 27, 2024, 12pm", "2024-01-27T11:00Z"),
        ("2024-01-27 10:00 PM", "2024-01-27T21:00Z"),
        ("2024/1/27 10:00:05 pm -0800", "2024-01-28T06:00:05Z"),
        ("Jul 08 2022", "2022-07-07T22:00Z"),
        ("Jul 8, 2022", "2022-07-07T22:00Z"),
        ("8 sept. 2022", "2022-09-07T22:00Z"),
        ("Friday, 8 July 2022", "2022-07-07T22:00Z"),
        ("Sat Jan 27 2024 10:00:00 GMT-0800 (PST)", "2024-01-27T18:00Z"),
        ("Sat Jan 27 2024 10:00:00 GMT+0530 (India Standard Time)", "2024-01-27T04:30Z"),
        ("Sat, 27 Jan 2024 10:00:00 GMT", "2024-01-27T10:00Z"),
        ("Sat, 27 Jan 24 10:00:00 +0200", "2024-01-27T08:00Z"),
        ("27-Jan-2024 10:00 -0000", "2024-01-27T10:00Z"),
        ("Sat Jan 27 10:00:00 2024", "2024-01-27T09:00Z"),
        ("Sat Jan 27 10:00:00 PST 2024", "2024-01-27T18:00Z"),
        ("27 Jan 2024 10:00 UTC+2", "2024-01-27T08:00Z"),
        ("27 Jan 2024 10:00 +02:00", "2024-01-27T08:00Z"),
        ("27 Jan 2024 10:00Z", "2024-01-27T10:00Z"),
        ("27 Jan 2024 10:00 EST", "2024-01-27T15:00Z"),
        ("27 Jul 2024 10:00 America/New_York", "2024-07-27T14:00Z"),
        ("2024-01-27 10:00:00 Asia/Tokyo", "2024-01-27T01:00Z"),
    ],
)
def test_natural_date_is_parsed(typed: str, instant: str) -> None:
    assert parse_instant("date", typed, BERLIN) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "typed",
    [
        "27 Jan 2024 10:00 CET",
        "27 Jan 2024 10:00 JST",
        "27 Jan 2024 10:00 Europe/Atlantis",
        "27 Jan 2024 10:00 ../../etc/passwd",
        "27 Jan 2024 10:00 America/Argentina",
        "27 Jan 2024 10:00 +9999",
        "27 Jan 2024 13:00 PM",
        "27 Jan 2024 0:30 AM",
        "27 Jan 2024 10",
        "27 Jan 2024 10:00 or so",
        "27 Jan 2024 in the evening",
        "31 Feb 2024",
        "27 Jancember 2024",
        "27 Jan 2024 25:00",
    ],
)
def test_partly_recognized_date_is_refused(typed: str) -> None:
    assert error_of(typed) == f"date: not a date or time: '{typed}'"


@given(st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join) | st.text(max_size=64))
def test_any_text_is_parsed_or_refused(typed: str) -> None:
    try:
        instant = parse_instant("date", typed, BERLIN)
    except InvalidError as error:
        assert error.message.startswith("date: not a date or time: ")  # noqa: PT017 - any text may either be parsed or refused
    else:
        assert instant.utcoffset() == datetime.fromisoformat("2024-01-01T00:00Z").utcoffset()


def test_long_time_zone_is_refused_in_linear_time() -> None:
    assert parse_natural_date(f"May 5, 2020 10:00 a{'_' * 50_000}!") is None
