"""The settings, the profiles, and the mistakes in a config file."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SettingValue:
    """The value of a setting, in which passwords are masked, and the source of the value."""

    setting: str
    value: str | float | bool | None
    origin: str


@dataclass(frozen=True, kw_only=True)
class Profile:
    """A profile of the config file, with the settings that apply if the profile is selected with --profile."""

    profile: str
    is_active: bool
    database: str
    protected: bool
    read_only: bool
    max_affected: int | None


@dataclass(frozen=True, kw_only=True)
class ConfigProblem:
    """A mistake in the config file or in the environment.

    `location` is a key with its section, such as `profiles.live.timezone`. The level is `error` if commands fail
    because of the mistake, and otherwise `warning`.
    """

    location: str
    level: str
    problem: str
    repair: str


@dataclass(frozen=True, kw_only=True)
class ConfigChange:
    """A change of a key in a section of the config file. `text` is the new text of the file, or None if it is equal."""

    section: str
    key: str
    text: str | None
