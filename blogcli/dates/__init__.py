"""Dates and times: reading what people type and what files contain, and writing instants."""

from .parsing import parse_end, parse_file_instant, parse_instant, parse_start
from .printing import format_instant, rfc_3339
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
