"""Parse the dates of WordPress exports."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

from ..notes import NoteCode, OnNote
from .export_file.xml_reader import Element

# WordPress writes this year in the <pubDate> of a post without a date. The standard library would parse the year as
# 2000.
NO_YEAR: Final = " -0001 "
_DATE = re.compile(r"\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)\s*\Z", re.ASCII)
# Only this number of characters at the start of a <pubDate> is parsed, because parsing a very long text could take a
# long time. Valid dates are shorter.
_MAX_PUB_DATE = 100


@dataclass(frozen=True)
class PostDates:
    """The times at which a post was created and last modified, in UTC."""

    created_at: datetime | None
    updated_at: datetime | None


def read_dates(item: Element, zone: tzinfo, on_note: OnNote) -> PostDates:
    """Return the dates of an item.

    WordPress writes each date in local time and in GMT. If the date in GMT is missing or invalid, the local date is
    interpreted in `zone`.
    """
    created_at = _read_date(item, "wp:post_date", zone, on_note) or parse_pub_date(item.child("pubDate"))
    return PostDates(created_at, _read_date(item, "wp:post_modified", zone, on_note))


def parse_wordpress_date(text: str) -> datetime | None:
    """Parse a date without a time zone, or return None for an invalid date such as 0000-00-00 00:00:00."""
    match = _DATE.match(text)
    try:
        return datetime.fromisoformat(f"{match[1]} {match[2]}") if match else None
    except ValueError:
        return None


def parse_pub_date(text: str) -> datetime | None:
    """Parse the publication date of an RSS item, or return None if the date is invalid."""
    if NO_YEAR in text:
        return None
    try:
        date = parsedate_to_datetime(text.strip()[:_MAX_PUB_DATE])
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def parse_timestamp(text: str) -> datetime | None:
    """Parse a Unix timestamp in seconds, or return None if the timestamp is invalid."""
    try:
        return datetime.fromtimestamp(int(text), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read_date(item: Element, name: str, zone: tzinfo, on_note: OnNote) -> datetime | None:
    date_in_gmt = parse_wordpress_date(item.child(f"{name}_gmt"))
    if date_in_gmt is not None:
        return date_in_gmt.replace(tzinfo=UTC)
    local_date = parse_wordpress_date(item.child(name))
    if local_date is None:
        return None
    try:
        date = local_date.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None
    field = name.removeprefix("wp:")
    on_note(NoteCode.DATE_INFERRED, f"{field} {local_date} has no time zone; interpreted in {zone}")
    return date
