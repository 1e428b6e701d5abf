"""Parse dates and times that users type or files contain, and format instants."""

from ..text.timestamps import rfc_3339
from .parsing import parse_end, parse_file_instant, parse_instant, parse_start
from .printing import format_instant
from .zones import start_of_month

__all__ = [
    "format_instant",
    "parse_end",
    "parse_file_instant",
    "parse_instant",
    "parse_start",
    "rfc_3339",
    "start_of_month",
]
