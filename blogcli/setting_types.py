"""The settings by name, and the functions that convert their texts to values."""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from .enums import OutputFormat
from .errors import ConfigurationError

# The settings whose values in the config file may be numbers.
NUMBERS = ("busy_timeout", "connect_timeout", "statement_timeout", "max_affected")
# The settings whose values are true or false, and which guard a database against mistakes.
GUARDS = ("protected", "read_only")
# The words for true and false in environment variables.
_TRUTH = {"1": True, "on": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "off": False}


def _text(_: str, text: str) -> str:
    return text


def _folder(_: str, text: str) -> Path:
    return Path(text).expanduser()


def _zone(_: str, name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - importing zoneinfo takes as long as a query

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ConfigurationError(
            f"Unknown time zone: {name!r}", hint="Use an IANA name such as Europe/Berlin or Asia/Tokyo."
        ) from None


def _output_format(_: str, name: str) -> OutputFormat:
    try:
        return OutputFormat(name)
    except ValueError:
        raise ConfigurationError(
            f"Unknown output format: {name!r}", hint=f"Use one of {', '.join(OutputFormat)}."
        ) from None


def _seconds(name: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ConfigurationError(f"{name} must be a number of seconds from 0 to 86400, not {text!r}")
    return seconds


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ConfigurationError(f"{name} must be an integer of at least 0, not {text!r}")
    return int(text)


def is_true(name: str, text: str) -> bool:
    """Return the value of a setting that is true or false. Raises ConfigurationError for any other text."""
    try:
        return _TRUTH[text.strip().lower()]
    except KeyError:
        raise ConfigurationError(f"{name} must be true or false, not {text!r}") from None


# Maps each setting to the function that converts its text, in the documented order.
_PARSERS: Mapping[str, Callable[[str, str], Any]] = {
    "database_url": _text,
    "author": _text,
    "timezone": _zone,
    "format": _output_format,
    "pager": _text,
    "editor": _text,
    "busy_timeout": _seconds,
    "connect_timeout": _seconds,
    "statement_timeout": _seconds,
    "max_affected": _count,
    "backup_folder": _folder,
    "protected": is_true,
    "read_only": is_true,
}
NAMES = tuple(_PARSERS)


def parse_values(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of settings by name, which are converted from their texts.

    Raises ConfigurationError if a value is invalid.
    """
    return {name: _PARSERS[name](name, text) for name, text in texts.items()}
