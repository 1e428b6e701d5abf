"""Write instants, for people and for programs."""

from datetime import UTC, datetime, tzinfo

# Not by strftime: the names must not depend on the locale.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_instant(instant: datetime, zone: tzinfo) -> str:
    """Return the instant for a person, such as "Mon 2026-12-07 09:00 Europe/Berlin", to the minute or the second.

    The offset is added where the local time occurs twice. `parse_instant` reads the result.
    """
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        # The local time lies beyond the calendar, at either end of it.
        local, zone = instant.astimezone(UTC), UTC
    local = local.replace(microsecond=0)
    precision = "seconds" if local.second else "minutes"
    occurs_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    written = (local if occurs_twice else local.replace(tzinfo=None)).isoformat(" ", precision)
    return f"{_WEEKDAYS[local.weekday()]} {written} {zone}"


def rfc_3339(instant: datetime) -> str:
    """Return the instant in UTC as RFC 3339 writes it, with microseconds if there are any."""
    # Most are in UTC already.
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return f"{utc.isoformat()[:-6]}Z"
