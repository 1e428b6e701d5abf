"""The dates of WordPress: instants, where there is one to be had."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

from ..notes import NoteCode
from .xml_reader import Element

Say = Callable[[NoteCode, str], None]

# What WordPress makes of no date, which the standard library takes for another one.
NO_YEAR: Final = " -0001 "
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)\s*\Z", re.ASCII)


@dataclass(frozen=True)
class Moments:
    """When a post was written and changed, in UTC."""

    created_at: datetime | None
    updated_at: datetime | None


def silent(_code: NoteCode, _text: str) -> None:
    """Report nothing."""


def moments_of(item: Element, zone: tzinfo, say: Say) -> Moments:
    """The dates of an item, in GMT where it says so, else local to `zone`."""
    created_at = _instant(item, "wp:post_date", zone, say) or _published(item)
    return Moments(created_at, _instant(item, "wp:post_modified", zone, say))


def wordpress_date(text: str) -> datetime | None:
    """What WordPress writes for a date, without a zone; None for none, as 0000-00-00 00:00:00 is."""
    found = _DATE.match(text)
    try:
        return datetime.fromisoformat(f"{found[1]} {found[2]}") if found else None
    except ValueError:
        return None


def instant_of_pub_date(text: str) -> datetime | None:
    """What RSS writes for a date; None for what is none."""
    if NO_YEAR in text:
        return None
    try:
        moment = parsedate_to_datetime(text.strip()[:100])
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def instant_of_seconds(text: str) -> datetime | None:
    """The instant so many seconds after 1970; None where they are none."""
    try:
        return datetime.fromtimestamp(int(text[:20]), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _instant(item: Element, name: str, zone: tzinfo, say: Say) -> datetime | None:
    moment = wordpress_date(item.child(f"{name}_gmt"))
    if moment is not None:
        return moment.replace(tzinfo=UTC)
    local = wordpress_date(item.child(name))
    if local is None:
        return None
    try:
        instant = local.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None
    say(NoteCode.DATE_INFERRED, f"{name.removeprefix('wp:')} {local} has no zone; it was taken as in {zone}")
    return instant


def _published(item: Element) -> datetime | None:
    return instant_of_pub_date(item.child("pubDate"))
