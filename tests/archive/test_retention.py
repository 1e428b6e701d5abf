"""Tests of the rules that decide which backups are kept."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from blogcli.archive.retention import parse_rules, select_expired
from blogcli.errors import UsageError

NEWEST = datetime(2024, 12, 31, 3, tzinfo=UTC)
DAILY = [NEWEST - timedelta(days=day) for day in range(400)]


def kept(times: list[datetime], rules: str, zone: str = "UTC") -> list[str]:
    expired = select_expired(times, parse_rules(rules), ZoneInfo(zone))
    return [f"{time:%Y-%m-%d}" for time in times if time not in expired]


def test_each_rule_keeps_newest_backup_of_each_period() -> None:
    assert kept(DAILY, "3d") == ["2024-12-31", "2024-12-30", "2024-12-29"]
    assert kept(DAILY, "2w") == ["2024-12-31", "2024-12-29"]
    assert kept(DAILY, "3m") == ["2024-12-31", "2024-11-30", "2024-10-31"]
    assert kept(DAILY, "2y") == ["2024-12-31", "2023-12-31"]


def test_rules_are_combined() -> None:
    assert len(kept(DAILY, "7d,4w,12m")) == 7 + 2 + 11


def test_periods_without_backup_do_not_count() -> None:
    times = [NEWEST, NEWEST - timedelta(days=100), NEWEST - timedelta(days=200)]
    assert len(kept(times, "2d")) == 2


def test_newest_backup_is_always_kept() -> None:
    assert kept(DAILY, "0d") == ["2024-12-31"]
    assert select_expired([], parse_rules("1d"), UTC) == []


def test_number_without_unit_keeps_last_backups() -> None:
    times = [NEWEST - timedelta(minutes=minute) for minute in range(5)]
    assert select_expired(times, parse_rules("2"), UTC) == sorted(times[2:])


def test_days_begin_at_midnight_in_the_zone() -> None:
    times = [NEWEST, NEWEST - timedelta(hours=4)]
    assert len(kept(times, "9d")) == 2
    assert len(kept(times, "9d", zone="America/New_York")) == 1


@pytest.mark.parametrize("text", ["7", "7d", " 7d , 4w "])
def test_valid_rules_are_parsed(text: str) -> None:
    assert parse_rules(text)[0].periods == 7


@pytest.mark.parametrize("text", ["d", "7d,", "-1d", "7x", "7d 4w", "123456d", "٧d"])
def test_invalid_rules_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="Invalid retention rule"):
        parse_rules(text)
