"""Settings: flag > BLOGCLI_* > profile > [default] in the config file > built-in default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from .enums import OutputFormat
from .errors import ConfigurationError, mask_secrets

_NAMES = ("database_url", "author", "timezone", "format", "pager", "editor", "busy_timeout")
_PREFIX = "BLOGCLI_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run goes by, wherever each value came from."""

    database_url: str = field(repr=False)
    profile: str | None
    author: str | None
    zone: tzinfo
    format: OutputFormat | None
    pager: str
    editor: str
    # Seconds that a command waits for another one that is writing.
    busy_timeout: float
    echo: bool = False


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the global options say; None where they say nothing."""

    database_url: str | None = None
    profile: str | None = None
    config: Path | None = None
    echo: bool = False


def load_settings(overrides: Overrides, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force.

    Raises ConfigurationError for a config file that cannot be used, an unknown profile or key, and bad values.
    """
    profile = overrides.profile or environ.get(_PREFIX + "PROFILE") or None
    values = _file_values(overrides.config, profile, environ)
    values |= {name: environ[_PREFIX + name.upper()] for name in _NAMES if environ.get(_PREFIX + name.upper())}
    if overrides.database_url:
        values["database_url"] = overrides.database_url
    return Settings(
        database_url=values.get("database_url") or str(_data_home(environ) / "blogcli" / "blog.db"),
        profile=profile,
        author=values.get("author"),
        zone=_zone(values.get("timezone", "UTC")),
        format=_output_format(values.get("format")),
        pager=values.get("pager") or environ.get("PAGER") or "less",
        editor=values.get("editor") or environ.get("VISUAL") or environ.get("EDITOR") or "vi",
        busy_timeout=_seconds(values.get("busy_timeout", "30")),
        echo=overrides.echo,
    )


def config_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the config file is looked for when no option names one."""
    return _home(environ, "XDG_CONFIG_HOME", ".config") / "blogcli" / "config.toml"


def cache_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Where files belong that can be made again."""
    return _home(environ, "XDG_CACHE_HOME", ".cache")


def state_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The directory for files that are to survive a run but belong to this machine, such as unsaved texts."""
    return _home(environ, "XDG_STATE_HOME", ".local/state")


def _data_home(environ: Mapping[str, str]) -> Path:
    return _home(environ, "XDG_DATA_HOME", ".local/share")


def _home(environ: Mapping[str, str], variable: str, default: str) -> Path:
    # The XDG specification says that a relative path is to be ignored.
    named = environ.get(variable, "")
    return Path(named) if os.path.isabs(named) else Path.home() / default  # noqa: PTH117 - no Path of an empty name


def _file_values(config: Path | None, profile: str | None, environ: Mapping[str, str]) -> dict[str, str]:
    path = config or Path(environ.get(_PREFIX + "CONFIG") or config_path(environ))
    named = config is not None or bool(environ.get(_PREFIX + "CONFIG"))
    document = _read(path, must_exist=named)
    profiles = document.get("profiles", {})
    unknown = sorted(set(document) - {"default", "profiles"})
    if unknown or not isinstance(profiles, dict):
        raise ConfigurationError(
            f"{path}: unknown section {', '.join(unknown) or 'profiles'}",
            hint="A config file holds [default] and [profiles.NAME].",
        )
    if profile and profile not in profiles:
        raise ConfigurationError(f"No profile {profile!r} in {path}", hint=_known(profiles))
    values = _section(path, "default", document.get("default", {}))
    return values | (_section(path, f"profiles.{profile}", profiles[profile]) if profile else {})


def _read(path: Path, *, must_exist: bool) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if not must_exist:
            return {}
        raise ConfigurationError(f"There is no config file {path}") from None
    except OSError as error:
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from None
    import tomllib  # noqa: PLC0415 - most runs have no config file

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {mask_secrets(str(error))}") from None


def _section(path: Path, name: str, section: object) -> dict[str, str]:
    if not isinstance(section, dict):
        raise ConfigurationError(f"{path}: [{name}] must be a table")
    unknown = sorted(set(section) - set(_NAMES))
    if unknown:
        raise ConfigurationError(
            f"{path}: unknown key {', '.join(unknown)} in [{name}]", hint=f"Known keys: {', '.join(_NAMES)}."
        )
    return {key: str(value) for key, value in section.items()}


def _known(profiles: Mapping[str, Any]) -> str:
    return f"Known profiles: {', '.join(profiles)}." if profiles else "Add a table [profiles.NAME] to it."


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - reading the time zones costs as much as a query

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
            f"Unknown output format: {name!r}", hint=f"One of {', '.join(OutputFormat)}."
        ) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ConfigurationError(f"busy_timeout must be a number of seconds from 0 to 86400, not {text!r}")
    return seconds
