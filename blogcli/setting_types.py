"""The settings by name, and the functions that convert their texts to values."""

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

from .enums import OutputFormat
from .errors import ConfigurationError

ARGON2_NAMES = ("argon2_time_cost", "argon2_memory_cost", "argon2_parallelism")
# The settings whose values in the config file may be numbers.
NUMBERS = ("busy_timeout", "connect_timeout", "statement_timeout", "max_affected", *ARGON2_NAMES)
# The settings whose values are true or false, and which guard a database against mistakes.
GUARDS = ("protected", "read_only")
# The words for true and false in environment variables.
_TRUTH = {"1": True, "on": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "off": False}


class Argon2Costs(NamedTuple):
    """The parameters of Argon2id for new passwords. The defaults are recommended in RFC 9106 for little memory."""

    time_cost: int = 3
    # The unit is KiB.
    memory_cost: int = 65_536
    parallelism: int = 4


DEFAULT_ARGON2_COSTS = Argon2Costs()
# A hash with higher parameters is never computed, because it could occupy the machine for a long time.
MAX_ARGON2_COSTS = Argon2Costs(time_cost=100, memory_cost=4_194_304, parallelism=64)


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
    **dict.fromkeys(ARGON2_NAMES, _count),
}
NAMES = tuple(_PARSERS)


def parse_values(texts: Mapping[str, str]) -> dict[str, Any]:
    """Return the values of settings by name, which are converted from their texts.

    Raises ConfigurationError if a value is invalid.
    """
    return {name: _PARSERS[name](name, text) for name, text in texts.items()}


def make_argon2_costs(values: Mapping[str, Any]) -> Argon2Costs:
    """Return the parameters of Argon2id. Raises ConfigurationError if a value is outside its range."""
    given = {name.removeprefix("argon2_"): values[name] for name in ARGON2_NAMES if name in values}
    costs = DEFAULT_ARGON2_COSTS._replace(**given)
    # Argon2 divides the memory among its threads, and each thread needs at least 8 KiB.
    minima = Argon2Costs(time_cost=1, memory_cost=8 * max(costs.parallelism, 1), parallelism=1)
    for name, cost, minimum, maximum in zip(ARGON2_NAMES, costs, minima, MAX_ARGON2_COSTS, strict=True):
        if not minimum <= cost <= maximum:
            raise ConfigurationError(f"{name} must be an integer from {minimum} to {maximum}, not {cost}")
    return costs
