"""The settings of the program, and the source of each value.

The sources, from the highest precedence to the lowest, are: an option on the command line, the profile that --profile
selects, a BLOGCLI_* variable, the profile that BLOGCLI_PROFILE or the config file selects, [default] in the config
file, and the built-in default.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from .config_file import ConfigFile, read_config_file
from .directories import data_home
from .enums import OutputFormat
from .errors import ConfigurationError
from .origins import Origin

if TYPE_CHECKING:
    from .shared_database import SharedDatabase

_NAMES = (
    "database_url",
    "author",
    "timezone",
    "format",
    "pager",
    "editor",
    "busy_timeout",
    "max_affected",
    "backup_folder",
)
_PREFIX = "BLOGCLI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run of the program."""

    database_url: str = field(repr=False)
    profile: str | None
    author: str | None
    zone: tzinfo
    format: OutputFormat | None
    pager: str
    editor: str
    # The maximum time in seconds for which a command waits for a lock that another command holds.
    busy_timeout: float
    # The default of --max-affected, which is the maximum number of posts that a command may change.
    max_affected: int | None = None
    # The folder of `db backup`, or None for the folder `blogcli/backups` in the directory for data files.
    backup_folder: Path | None = None
    echo: bool = False
    # Maps the name of each hook to its shell command. Hooks are run after a change was committed.
    hooks: Mapping[str, str] = field(default_factory=dict)
    # The section [check] of the config file: the levels of rules by name, and the paths of pages.
    check: Mapping[str, str] = field(default_factory=dict)
    # Maps each setting to the source of its value, such as "--database-url", "BLOGCLI_AUTHOR" or "profile live".
    origins: Mapping[str, str] = field(default_factory=dict)
    # The command that uses the settings, which the journal records as the origin of its changes.
    command: Origin = field(default_factory=Origin)
    # The open database of a batch, which its commands use instead of opening the database themselves.
    shared_database: "SharedDatabase | None" = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Overrides:
    """The values of the global options that override settings, and the command that was called.

    The value of an omitted option is None.
    """

    database_url: str | None = None
    profile: str | None = None
    config: Path | None = None
    echo: bool = False
    verb: str | None = None
    arguments: Sequence[str] = ()


def load_settings(overrides: Overrides, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of this run of the program.

    Raises ConfigurationError if the config file or a value is invalid, or if the profile does not exist.
    """
    config_file = read_config_file(overrides.config, _NAMES, environ)
    profile = overrides.profile or environ.get(_PREFIX + "PROFILE") or config_file.profile
    values, origins = _merge(config_file, overrides, profile, environ)
    return Settings(
        database_url=values.get("database_url") or str(data_home(environ) / "blogcli" / "blog.db"),
        profile=profile,
        author=values.get("author"),
        zone=_zone(values.get("timezone", "UTC")),
        format=_output_format(values.get("format")),
        pager=values.get("pager") or environ.get("PAGER") or "less",
        editor=values.get("editor") or environ.get("VISUAL") or environ.get("EDITOR") or "vi",
        busy_timeout=_seconds(values.get("busy_timeout", "30")),
        max_affected=_count("max_affected", values.get("max_affected")),
        backup_folder=Path(folder).expanduser() if (folder := values.get("backup_folder")) else None,
        echo=overrides.echo,
        hooks=config_file.hooks,
        check=config_file.check,
        origins=origins,
        command=Origin(overrides.verb, overrides.arguments, profile),
    )


def _merge(
    config_file: ConfigFile, overrides: Overrides, profile: str | None, environ: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values of the settings by name, and the sources of the values by name."""
    profile_values = config_file.values_of(profile) if profile else {}
    variables = {name: environ[_PREFIX + name.upper()] for name in _NAMES if environ.get(_PREFIX + name.upper())}
    layers = [("variable", variables), (f"profile {profile}", profile_values)]
    if not overrides.profile:
        # The last layer takes precedence. Variables override a profile, unless --profile selected the profile.
        layers.reverse()
    values: dict[str, str] = {}
    origins: dict[str, str] = {}
    for origin, layer in [("config file", config_file.default), *layers]:
        values |= layer
        origins |= {name: f"{_PREFIX}{name.upper()}" if origin == "variable" else origin for name in layer}
    if overrides.database_url:
        values["database_url"] = overrides.database_url
        origins["database_url"] = "--database-url"
    return values, origins


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - importing zoneinfo takes as long as a query

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ConfigurationError(
            f"Unknown time zone: {name!r}", hint="Use an IANA name such as Europe/Berlin or Asia/Tokyo."
        ) from None


def _output_format(name: str | None) -> OutputFormat | None:
    if not name:
        return None
    try:
        return OutputFormat(name)
    except ValueError:
        raise ConfigurationError(
            f"Unknown output format: {name!r}", hint=f"Use one of {', '.join(OutputFormat)}."
        ) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ConfigurationError(f"busy_timeout must be a number of seconds from 0 to 86400, not {text!r}")
    return seconds


def _count(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise ConfigurationError(f"{name} must be an integer of at least 0, not {text!r}")
    return int(text)


def profile_names(config: Path | None, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the names of the profiles in the config file.

    Raises ConfigurationError if the config file is invalid.
    """
    return list(read_config_file(config, _NAMES, environ).profiles)
