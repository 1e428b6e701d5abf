"""Read the config file, which contains the sections [default], [profiles.NAME] and [hooks]."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .directories import config_path
from .errors import ConfigurationError, mask_secrets

HOOKS = ("after_change", "after_publish")
_VARIABLE = "BLOGCLI_CONFIG"
_NUMERIC_SETTINGS = ("busy_timeout", "max_affected")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """The content of the config file."""

    path: Path | None
    default: Mapping[str, str] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hooks: Mapping[str, str] = field(default_factory=dict)
    # The profile that is used if neither the option --profile nor the variable BLOGCLI_PROFILE is set.
    profile: str | None = None

    def values_of(self, profile: str) -> Mapping[str, str]:
        """Return the values of a profile.

        Raises ConfigurationError if the profile does not exist.
        """
        if profile not in self.profiles:
            location = f"in {self.path}" if self.path else "because there is no config file"
            hint = f"Add a table [profiles.{profile}] to the file."
            if self.profiles:
                hint = f"Use one of the profiles: {', '.join(self.profiles)}."
            raise ConfigurationError(f"No profile {profile!r} {location}", hint=hint)
        return self.profiles[profile]


def read_config_file(config: Path | None, names: Sequence[str], environ: Mapping[str, str] = os.environ) -> ConfigFile:
    """Return the content of the config file.

    The path of the file is `config`, the value of BLOGCLI_CONFIG or the default path, in order of precedence. Only the
    default file need not exist. `names` are the names of the settings. Raises ConfigurationError if the file is invalid
    or cannot be read.
    """
    requested = config or (Path(environ[_VARIABLE]) if environ.get(_VARIABLE) else None)
    path = requested or config_path(environ)
    document = _read(path, must_exist=requested is not None) if path else None
    if path is None or document is None:
        return ConfigFile(path=None)
    unknown = sorted(set(document) - {"default", "profiles", "hooks"})
    profiles = document.get("profiles", {})
    if unknown or not isinstance(profiles, dict):
        raise ConfigurationError(
            f"{path}: unknown section {', '.join(unknown) or 'profiles'}",
            hint="Use only [default], [profiles.NAME] and [hooks].",
        )
    default = _parse_section(path, "default", document.get("default", {}), (*names, "profile"))
    return ConfigFile(
        path=path,
        profile=default.pop("profile", None),
        default=default,
        profiles={name: _parse_section(path, f"profiles.{name}", values, names) for name, values in profiles.items()},
        hooks=_parse_section(path, "hooks", document.get("hooks", {}), HOOKS),
    )


def _read(path: Path, *, must_exist: bool) -> dict[str, Any] | None:
    """Return the parsed file, or None if the file does not exist or is in an inaccessible folder.

    Raises ConfigurationError if the file is invalid or cannot be read, or if `must_exist` is set and there is no file.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if not must_exist:
            return None
        raise ConfigurationError(f"There is no config file {path}") from None
    except OSError as error:
        if not must_exist and not os.access(path.parent, os.X_OK):
            return None
        raise ConfigurationError(f"Cannot read {path}: {error.strerror}") from None
    import tomllib  # noqa: PLC0415 - most runs have no config file

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not valid TOML: {mask_secrets(str(error))}") from None


def _parse_section(path: Path, name: str, section: object, names: Sequence[str]) -> dict[str, str]:
    """Return the values of the section `name` as text, by key.

    Raises ConfigurationError if a key is not in `names`, or if a value is invalid.
    """
    if not isinstance(section, dict):
        raise ConfigurationError(f"{path}: [{name}] must be a table")
    unknown = sorted(set(section) - set(names))
    if unknown:
        raise ConfigurationError(
            f"{path}: unknown key {', '.join(unknown)} in [{name}]", hint=f"Use only the keys {', '.join(names)}."
        )
    for key, value in section.items():
        # The value may contain a password, so the message does not show it.
        if isinstance(value, bool) or not isinstance(value, (str, int, float) if key in _NUMERIC_SETTINGS else str):
            kind = "a number" if key in _NUMERIC_SETTINGS else "a string"
            raise ConfigurationError(f"{path}: {key} in [{name}] must be {kind}", hint='Write it as key = "value".')
        if not str(value).strip():
            raise ConfigurationError(f"{path}: {key} in [{name}] is empty", hint="Add a value, or remove the line.")
    return {key: str(value) for key, value in section.items()}
