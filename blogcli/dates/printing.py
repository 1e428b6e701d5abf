"""Format instants for people."""

from datetime import UTC, datetime, tzinfo

# strftime() is not used, because the names of weekdays that it returns depend on the locale.
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def format_instant(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as a local time in `zone`, such as "Mon 2026-12-07 09:00 Europe/Berlin".

    The result contains the seconds unless they are 0. It contains the offset if the local time occurs twice.
    `parse_instant` can parse the result.
    """
    try:
        local = instant.astimezone(zone)
    except OverflowError:
        # The local time would be before the year 1 or after the year 9999, so the instant is printed in UTC.
        zone = UTC
        local = instant.astimezone(UTC)
    local = local.replace(microsecond=0)
    precision = "seconds" if local.second else "minutes"
    occurs_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    text = (local if occurs_twice else local.replace(tzinfo=None)).isoformat(" ", precision)
    return f"{_WEEKDAYS[local.weekday()]} {text} {zone}"
