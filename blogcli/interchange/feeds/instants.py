"""Instants, as feeds write them."""

from datetime import UTC, datetime
from email.utils import format_datetime


def rfc_3339(instant: datetime) -> str:
    """For Atom and JSON Feed, in UTC."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def rfc_822(instant: datetime) -> str:
    """For RSS, with years of four digits, in UTC."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)
