"""Read the config file, which contains the sections [default], [profiles.NAME], [hooks] and [check]."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .directories import config_path
from .enums import CheckLevel, CheckRule
from .errors import ConfigurationError, mask_secrets
from .setting_types import GUARDS, NAMES, NUMBERS

_VARIABLE = "BLOGCLI_CONFIG"
# The maximum size of the config file in bytes. Without a maximum, a device could be read endlessly.
_MAX_SIZE = 1_000_000
# The level in the section [check] that turns off a rule, and the key of the paths of pages.
RULE_OFF = "off"
CHECK_PAGES = "pages"
# Maps each section to its allowed keys. Profiles allow the keys of [default] except `profile`.
ALLOWED_KEYS: Mapping[str, Sequence[str]] = {
    "default": (*NAMES, "profile"),
    "hooks": ("after_change", "after_publish"),
    "check": (*CheckRule, CHECK_PAGES),
}


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The content of the config file."""

    path: Path | None
    default: Mapping[str, str] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hooks: Mapping[str, str] = field(default_factory=dict)
    # Maps the names of rules to levels or "off", and the key `pages` to paths that are separated by blanks.
    check: Mapping[str, str] = field(default_factory=dict)
    # The profile that is used if neither the option --profile nor the variable BLOGCLI_PROFILE is set.
    profile: str | None = None

    def values_of(self, profile: str) -> Mapping[str, str]:
        """Return the values of the settings in a profile, by the name of the setting.

        Raises ConfigurationError if the profile does not exist.
        """
        if profile not in self.profiles:
            location = f"in {self.path}" if self.path else "because there is no config file"
            hint = f"Add a table [profiles.{profile}] to the file."
            if self.profiles:
                hint = f"Use one of the profiles: {', '.join(self.profiles)}."
            raise ConfigurationError(f"No profile {profile!r} {location}", hint=hint)
        return self.profiles[profile]


def read_config_file(config: Path | None, environ: Mapping[str, str] = os.environ) -> ConfigFile:
    """Return the content of the config file.

    The path of the file is `config`, the value of BLOGCLI_CONFIG or the default path, in order of precedence. The file
    at the default path may be missing, but any other file must exist. Raises ConfigurationError if the file is invalid
    or cannot be read.
    """
    path, must_exist = locate_config_file(config, environ)
    document = read_document(path, must_exist=must_exist) if path else None
    return ConfigFile(path=None) if path is None or document is None else parse_document(path, document)


def locate_config_file(config: Path | None, environ: Mapping[str, str] = os.environ) -> tuple[Path | None, bool]:
    """Return the path of the config file, and whether the file must exist because the user has named it.

    The path is None if the user has not named a file and the default directory is unknown.
    """
    requested = config or (Path(environ[_VARIABLE]) if environ.get(_VARIABLE) else None)
    return requested or config_path(environ), requested is not None


def parse_document(path: Path, document: Mapping[str, Any]) -> ConfigFile:
    """Return the content of a config file that was parsed as TOML.

    Raises ConfigurationError if a section, a key or the type of a value is invalid.
    """
    unknown = sorted(set(document) - {*ALLOWED_KEYS, "profiles"})
    profiles = document.get("profiles", {})
    if unknown or not isinstance(profiles, dict):
        raise ConfigurationError(
            f"{path}: unknown section {', '.join(unknown) or 'profiles'}",
            hint="Use only [default], [profiles.NAME], [hooks] and [check].",
        )
    default = _parse_section(path, "default", document.get("default", {}), ALLOWED_KEYS["default"])
    return ConfigFile(
        path=path,
        profile=default.pop("profile", None),
        default=default,
        profiles={name: _parse_section(path, f"profiles.{name}", values, NAMES) for name, values in profiles.items()},
        hooks=_parse_section(path, "hooks", document.get("hooks", {}), ALLOWED_KEYS["hooks"]),
        check=_parse_check(path, document.get("check", {})),
    )


def read_document(path: Path, *, must_exist: bool) -> dict[str, Any] | None:
    """Return the content of a file, parsed as TOML.

    If `must_exist` is false, the result is None for a file that is missing or in an inaccessible folder. In all other
    cases, a file that cannot be read or parsed raises ConfigurationError.
    """
    data = read_data(path, must_exist=must_exist)
    return None if data is None else parse_toml(path, data)


def read_data(path: Path, *, must_exist: bool) -> bytes | None:
    """Return the bytes of a config file.

    If `must_exist` is false, the result is None for a file that is missing or in an inaccessible folder. In all other
    cases, a file that cannot be read raises ConfigurationError.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_SIZE + 1)
    except (FileNotFoundError, NotADirectoryError):
        if not must_exist:
            return None
        raise ConfigurationError(f"There is no config file {path}") from None
    except OSError as error:
        if not must_exist and not os.access(path.parent, os.X_OK):
            return None
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from None
    if len(data) > _MAX_SIZE:
        raise ConfigurationError(f"{path} is larger than {_MAX_SIZE:,} bytes")
    return data


def parse_toml(path: Path, data: bytes) -> dict[str, Any]:
    """Return the content of the bytes of a config file. Raises ConfigurationError if they are not valid TOML."""
    import tomllib  # noqa: PLC0415 - the module is needed only if there is a config file

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except ValueError as error:  # The text is not TOML, not UTF-8, or contains a number with thousands of digits.
        raise ConfigurationError(f"{path} is not valid TOML: {mask_secrets(str(error))}") from None
    except RecursionError:
        raise ConfigurationError(f"{path} contains lists or tables that are nested too deeply") from None


def _parse_check(path: Path, section: object) -> dict[str, str]:
    """Return the values of the section [check].

    Raises ConfigurationError if a key is neither the name of a rule nor `pages`, or if a level is unknown.
    """
    values = _parse_section(path, "check", section, ALLOWED_KEYS["check"])
    levels = (*CheckLevel, RULE_OFF)
    for name, level in values.items():
        if name != CHECK_PAGES and level not in levels:
            raise ConfigurationError(
                f"{path}: unknown level {level!r} of {name} in [check]", hint=f"Use one of {', '.join(levels)}."
            )
    return values


def _parse_section(path: Path, name: str, section: object, names: Sequence[str]) -> dict[str, str]:
    """Return the values of a section as text, by key.

    `name` is the name of the section, and `names` are its allowed keys. Raises ConfigurationError if a key is not
    allowed or a value is invalid.
    """
    if not isinstance(section, dict):
        raise ConfigurationError(f"{path}: [{name}] must be a table")
    unknown = sorted(set(section) - set(names))
    if unknown:
        raise ConfigurationError(
            f"{path}: unknown key {', '.join(unknown)} in [{name}]", hint=f"Use only the keys {', '.join(names)}."
        )
    for key, value in section.items():
        # The value may contain a password, so the messages do not show the value.
        if not _has_type_of(key, value):
            kind, example = _describe_type(key)
            raise ConfigurationError(
                f"{path}: {key} in [{name}] must be {kind}", hint=f"Write it as {key} = {example}."
            )
        if not str(value).strip():
            raise ConfigurationError(f"{path}: {key} in [{name}] is empty", hint="Add a value, or remove the line.")
    return {key: str(value).lower() if key in GUARDS else str(value) for key, value in section.items()}


def _has_type_of(key: str, value: object) -> bool:
    if key in GUARDS or isinstance(value, bool):
        return key in GUARDS and isinstance(value, bool)
    return isinstance(value, (str, int, float) if key in NUMBERS else str)


def _describe_type(key: str) -> tuple[str, str]:
    """Return the type of the values of a key in words, and an example of a value."""
    if key in GUARDS:
        return "true or false", "true"
    return ("a number", "30") if key in NUMBERS else ("a string", '"value"')
