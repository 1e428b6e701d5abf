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
from .errors import ConfigurationError, NotPermittedError
from .origins import Origin
from .setting_types import (
    ARGON2_NAMES,
    DEFAULT_ARGON2_COSTS,
    GUARDS,
    NAMES,
    Argon2Costs,
    is_true,
    make_argon2_costs,
    parse_values,
)

if TYPE_CHECKING:
    from .shared_database import SharedDatabase

# Maps settings to variables of other programs, which have the lowest precedence of all sources.
_FALLBACKS = {"pager": ("PAGER",), "editor": ("VISUAL", "EDITOR")}
_PREFIX = "BLOGCLI_"
# The settings that are fields of `Settings` with the same name and a default.
_FIELDS = {*NAMES} - {"database_url", "timezone", *ARGON2_NAMES}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one run of the program."""

    database_url: str = field(repr=False)
    profile: str | None = None
    author: str | None = None
    zone: tzinfo = UTC
    format: OutputFormat | None = None
    pager: str = "less"
    editor: str = "vi"
    # The maximum time in seconds for which a command waits for a lock that another command holds.
    busy_timeout: float = 30.0
    # The maximum time in seconds for connecting to a PostgreSQL server, and for each statement, or 0 for no limit.
    connect_timeout: float = 10.0
    statement_timeout: float = 0.0
    # The default of --max-affected, which is the maximum number of posts that a command may change.
    max_affected: int | None = None
    # The folder of `db backup`, or None for the folder `blogcli/backups` in the directory for data files.
    backup_folder: Path | None = None
    argon2: Argon2Costs = DEFAULT_ARGON2_COSTS
    # Whether destructive commands and changes of many posts have to be confirmed by typing the name of the profile.
    protected: bool = False
    # Whether every command that would change the database is refused.
    read_only: bool = False
    echo: bool = False
    # Maps the name of each hook to its shell command. Hooks are run after a change was committed.
    hooks: Mapping[str, str] = field(default_factory=dict)
    # The section [check] of the config file: the levels of rules by name, and the paths of pages.
    check: Mapping[str, str] = field(default_factory=dict)
    # Maps each setting to the source of its value, such as "--database-url", "BLOGCLI_AUTHOR" or "profile live".
    origins: Mapping[str, str] = field(default_factory=dict)
    # The config file that was read, or None if there is none.
    config_path: Path | None = None
    # The command that uses the settings, which the journal records as the origin of its changes.
    command: Origin = field(default_factory=Origin)
    # The open database of a batch, which its commands use instead of opening the database themselves.
    shared_database: "SharedDatabase | None" = field(default=None, repr=False, compare=False)

    def refuse_writes(self) -> None:
        """Raise NotPermittedError if the setting `read_only` forbids changes of the database."""
        if self.read_only:
            raise NotPermittedError(
                f"Changes are not permitted: read_only is set ({self.origins.get('read_only')})",
                hint="Use another profile, or change the setting.",
            )


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
    config_file = read_config_file(overrides.config, environ)
    profile, profile_origin = _select_profile(config_file, overrides, environ)
    texts, origins = _merge(config_file, overrides, profile, environ)
    values = parse_values(texts)
    given = {name: value for name, value in values.items() if name in _FIELDS}
    return Settings(
        database_url=values.get("database_url") or str(data_home(environ) / "blogcli" / "blog.db"),
        profile=profile,
        zone=values.get("timezone", UTC),
        argon2=make_argon2_costs(values),
        echo=overrides.echo,
        hooks=config_file.hooks,
        check=config_file.check,
        origins=origins | profile_origin,
        config_path=config_file.path,
        command=Origin(overrides.verb, overrides.arguments, profile),
        **given,
    )


def _select_profile(
    config_file: ConfigFile, overrides: Overrides, environ: Mapping[str, str]
) -> tuple[str | None, dict[str, str]]:
    """Return the name of the profile, and its source as the only entry of a map, which is empty without a profile."""
    variable = _PREFIX + "PROFILE"
    names = (("--profile", overrides.profile), (variable, environ.get(variable)), ("config file", config_file.profile))
    for origin, name in names:
        if name:
            return name, {"profile": origin}
    return None, {}


def _merge(
    config_file: ConfigFile, overrides: Overrides, profile: str | None, environ: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values of the settings by name, and the sources of the values by name."""
    profile_values = config_file.values_of(profile) if profile else {}
    variables = {name: environ[_PREFIX + name.upper()] for name in NAMES if environ.get(_PREFIX + name.upper())}
    layers = [("variable", variables), (f"profile {profile}", profile_values)]
    if not overrides.profile:
        # The last layer takes precedence. Variables override a profile, unless --profile selected the profile.
        layers.reverse()
    values, origins = _fallback_values(environ)
    for origin, layer in [("config file", config_file.default), *layers, ("variable", _guard_values(variables))]:
        values |= layer
        origins |= {name: f"{_PREFIX}{name.upper()}" if origin == "variable" else origin for name in layer}
    if overrides.database_url:
        values["database_url"] = overrides.database_url
        origins["database_url"] = "--database-url"
    return values, origins


def _fallback_values(environ: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the values of settings from variables of other programs, and the names of these variables."""
    origins = {
        name: variable
        for name, variables in _FALLBACKS.items()
        for variable in reversed(variables)
        if environ.get(variable)
    }
    return {name: environ[variable] for name, variable in origins.items()}, origins


def _guard_values(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the guards that variables turn on.

    A variable that was set for another purpose must not remove the protection of a profile. So guards that variables
    turn on override the config file, and a variable that would turn a guard off raises ConfigurationError.
    """
    guards = {name: text for name, text in variables.items() if name in GUARDS}
    for name, text in guards.items():
        if not is_true(name, text):
            raise ConfigurationError(
                f"{_PREFIX}{name.upper()} can turn the setting {name} on, but not off",
                hint="Unset the variable, or change the setting in the config file.",
            )
    return guards


def profile_names(config: Path | None, environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the names of the profiles in the config file.

    Raises ConfigurationError if the config file is invalid.
    """
    return list(read_config_file(config, environ).profiles)
