"""The keys of the config file, and the conversion of typed texts to TOML values."""

from math import isfinite
from zoneinfo import available_timezones

from ...config_file import ALLOWED_KEYS
from ...errors import ConfigurationError, UsageError
from ...setting_types import GUARDS, NAMES, NUMBERS, is_true
from ...text.suggestions import suggest_name

_DEFAULT = "default"


def find_section(name: str, *, profile: str | None) -> tuple[tuple[str, ...], str]:
    """Return the section and the key of the config file that a name such as `hooks.after_change` means.

    A setting belongs to the profile, or to the section [default] if `profile` is None. Raises UsageError if the name is
    unknown, or if it belongs to a section that profiles do not have.
    """
    section, dot, key = name.rpartition(".")
    if key in ALLOWED_KEYS.get(section if dot else _DEFAULT, ()) and section != _DEFAULT:
        if profile is None:
            return (section or _DEFAULT,), key
        if key in NAMES and not section:
            return ("profiles", profile), key
        raise UsageError(f"{name} cannot be set in a profile", hint="Leave out --profile.")
    known = known_keys()
    suggestion = suggest_name(name, known)
    hint = f"Did you mean {suggestion}?" if suggestion else f"Use one of {', '.join(known[: len(NAMES) + 1])}."
    raise UsageError(f"Unknown setting: {name}", hint=hint)


def known_keys() -> list[str]:
    """Return all keys that the config file may contain, with their sections unless this is [default]."""
    return [
        key if section == _DEFAULT else f"{section}.{key}" for section, keys in ALLOWED_KEYS.items() for key in keys
    ]


def list_zones() -> list[str]:
    """Return the names of all time zones in alphabetical order."""
    return sorted(available_timezones())


def to_toml(key: str, text: str) -> object:
    """Return the TOML value for the text of a setting: a boolean, a number or the text itself."""
    try:
        if key in GUARDS:
            return is_true(key, text)
        if key in NUMBERS:
            number = int(text) if text.isdecimal() else float(text)
            return number if isfinite(number) else text
    except (ConfigurationError, ValueError):
        # The check of the config file reports the value as invalid.
        pass
    return text
