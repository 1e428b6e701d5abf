"""Choose the backups that a retention rule such as `7d,4w,12m` does not keep."""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from ..errors import UsageError

_RULE = re.compile(r"([0-9]{1,5})([hdwmy]?)")
# The format of the period of each unit. Of the backups in a period, the newest is kept. Without a unit, every backup is
# a period of its own.
_PERIODS = {"h": "%Y-%m-%d %H", "d": "%Y-%m-%d", "w": "%G-%V", "m": "%Y-%m", "y": "%Y", "": "%Y-%m-%d %H:%M:%S.%f"}


class Rule(NamedTuple):
    """The number of periods with a backup to keep, and the format of a period."""

    periods: int
    format: str


def parse_rules(text: str) -> list[Rule]:
    """Return the rules in a text such as `7d,4w,12m`.

    Raises UsageError if the text contains anything else.
    """
    rules = []
    for part in text.split(","):
        match = _RULE.fullmatch(part.strip())
        if match is None:
            raise UsageError(
                f"Invalid retention rule: {part.strip()!r}",
                hint="Use numbers of hours, days, weeks, months or years, such as 7d,4w,12m.",
            )
        rules.append(Rule(int(match[1]), _PERIODS[match[2]]))
    return rules


def select_expired(times: Sequence[datetime], rules: Sequence[Rule], zone: tzinfo) -> list[datetime]:
    """Return the times of the backups that no rule keeps, oldest first. The newest backup is always kept.

    Each rule keeps the newest backup of each of the last periods that contain a backup. Periods begin at midnight in
    `zone`.
    """
    newest_first = sorted(times, reverse=True)
    kept = set(newest_first[:1])
    for periods, format_ in rules:
        by_period: dict[str, datetime] = {}
        for time in newest_first:
            by_period.setdefault(time.astimezone(zone).strftime(format_), time)
        kept.update(list(by_period.values())[:periods])
    return sorted(set(times) - kept)
