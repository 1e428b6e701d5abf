"""Convert local times and days of a time zone to instants in UTC."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from ..errors import InvalidError


def to_utc(moment: datetime, zone: tzinfo, *, fold: int | None) -> datetime:
    """Convert a moment to UTC. A moment without a time zone is a local time in `zone`.

    If the local time occurs twice, `fold` selects the first (0) or the second (1) occurrence. Raises InvalidError if
    the local time occurs twice and `fold` is None, or if the clocks skip the local time.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    first, second = _occurrences(moment, zone)
    if first == second:
        return first
    local = _format_local(moment)
    if _to_local(first, zone) != moment:
        earlier, later = (_to_local(instant, zone).isoformat(" ", "minutes") for instant in (second, first))
        raise InvalidError(
            f"There is no {local} in {zone}, because the clocks go forward",
            hint=f"Use {earlier} or {later}, or add an offset such as +02:00.",
        )
    if fold is None:
        offsets = [instant.astimezone(zone).isoformat()[len(moment.isoformat()) :] for instant in (first, second)]
        typed = local.replace(" ", "T")
        raise InvalidError(
            f"{local} occurs twice in {zone}, because the clocks go back",
            hint=f"Add the offset: {typed}{offsets[0]} is the first, {typed}{offsets[1]} the second.",
        )
    return second if fold else first


def resolve_local(moment: datetime, zone: tzinfo) -> tuple[datetime, str | None]:
    """Convert a computed local time to UTC, and return a note if the clocks skip or repeat the local time.

    If the clocks skip the local time, it is moved forward. If it occurs twice, its first occurrence is used.
    """
    first, second = _occurrences(moment, zone)
    if first == second:
        return first, None
    local = _format_local(moment)
    moved = _to_local(first, zone)
    if moved == moment:
        return first, f"{local} occurs twice in {zone}, because the clocks go back; the first time is used."
    used = _format_local(moved)
    return first, f"There is no {local} in {zone}, because the clocks go forward; {used} is used."


def _occurrences(moment: datetime, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return a local time in UTC for both values of fold, which differ if the clocks skip or repeat the local time."""
    first = moment.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return first, moment.replace(tzinfo=zone, fold=1).astimezone(UTC)


def _format_local(moment: datetime) -> str:
    return moment.isoformat(" ", "auto" if moment.second or moment.microsecond else "minutes")


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """Return, in UTC, the first moment of a day in `zone`.

    If the clocks skip midnight, the day begins at the moment at which the clocks change.
    """
    midnight = datetime.combine(day, time())
    start = midnight.replace(tzinfo=zone).astimezone(UTC)
    if _to_local(start, zone) == midnight:
        return start
    lower = midnight.replace(tzinfo=zone, fold=1).astimezone(UTC)
    upper = start
    while upper - lower > timedelta(seconds=1):
        middle = lower + (upper - lower) // 2
        middle = middle.replace(microsecond=0)
        if _to_local(middle, zone) < midnight:
            lower = middle
        else:
            upper = middle
    return upper


def start_of_month(moment: datetime, zone: tzinfo, *, months_back: int = 0) -> datetime:
    """Return, in UTC, the start of the month that is `months_back` months before the month of `moment` in `zone`."""
    local = moment.astimezone(zone)
    months = local.year * 12 + local.month - 1 - months_back
    return start_of_day(date(months // 12, months % 12 + 1, 1), zone)


def _to_local(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)
