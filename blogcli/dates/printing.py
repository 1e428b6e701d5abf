"""Format instants for people."""

from datetime import UTC, datetime, tzinfo

# The names are listed here, because the names that strftime() returns depend on the locale.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_instant(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as a local time such as "Mon 2026-12-07 09:00 Europe/Berlin", with seconds unless they are 0.

    The offset is included if the local time occurs twice. `parse_instant` can parse the result.
    """
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        # The local time of an instant at the start or the end of the calendar may be outside the calendar, so the
        # instant is printed in UTC.
        zone = UTC
        local = instant.astimezone(UTC)
    local = local.replace(microsecond=0)
    precision = "seconds" if local.second else "minutes"
    occurs_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    text = (local if occurs_twice else local.replace(tzinfo=None)).isoformat(" ", precision)
    return f"{_WEEKDAYS[local.weekday()]} {text} {zone}"
