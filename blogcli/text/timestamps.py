"""Format instants for files, output and storage."""

from datetime import UTC, datetime


def rfc_3339(instant: datetime, *, timespec: str = "auto") -> str:
    """Convert an instant to UTC, and return it in the format of RFC 3339.

    By default, the result contains microseconds unless they are zero. `timespec` is passed to `datetime.isoformat`.
    """
    utc = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
    return f"{utc.isoformat(timespec=timespec).removesuffix('+00:00')}Z"
