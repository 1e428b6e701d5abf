"""Format instants for people."""

from datetime import UTC, datetime, tzinfo

# The names of strftime would depend on the locale.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_instant(instant: datetime, zone: tzinfo) -> str:
    """Return an instant in a format such as "Mon 2026-12-07 09:00 Europe/Berlin", with seconds if there are any.

    The offset is included if the local time occurs twice. `parse_instant` can parse the result.
    """
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        # The local time of the first and the last instants can be outside the calendar.
        zone = UTC
        local = instant.astimezone(UTC)
    local = local.replace(microsecond=0)
    precision = "seconds" if local.second else "minutes"
    occurs_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    text = (local if occurs_twice else local.replace(tzinfo=None)).isoformat(" ", precision)
    return f"{_WEEKDAYS[local.weekday()]} {text} {zone}"
