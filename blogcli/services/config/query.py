"""List the settings with their sources, and the profiles of the config file."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ...errors import NotFoundError, mask_secrets, mask_url
from ...schemas.config import Profile, SettingValue
from ...setting_types import ARGON2_NAMES, NAMES
from ...settings import Overrides, Settings, load_settings, profile_names
from .keys import find_section


def list_settings(settings: Settings, names: Sequence[str] = ()) -> list[SettingValue]:
    """Return the settings with these names, or all settings, followed by the hooks and the levels of the content check.

    Raises UsageError for an unknown name, and NotFoundError for a hook or a level that is not set.
    """
    values = [*_list_values(settings), *_list_section(settings, "hooks"), *_list_section(settings, "check")]
    by_name = {value.setting: value for value in values}
    for name in names:
        if name not in by_name:
            find_section(name, profile=None)
            raise NotFoundError(f"{name} is not set")
    return [by_name[name] for name in names] or values


def list_profiles(overrides: Overrides, active: str | None, environ: Mapping[str, str] = os.environ) -> list[Profile]:
    """Return the profiles of the config file. `active` is the name of the selected profile.

    Raises ConfigurationError if the config file or a setting of a profile is invalid.
    """
    profiles = []
    for name in profile_names(overrides.config, environ):
        settings = load_settings(replace(overrides, profile=name), environ)
        profile = Profile(
            profile=name,
            is_active=name == active,
            database=mask_url(settings.database_url),
            protected=settings.protected,
            read_only=settings.read_only,
            max_affected=settings.max_affected,
        )
        profiles.append(profile)
    return profiles


def _list_values(settings: Settings) -> Iterator[SettingValue]:
    values: dict[str, Any] = dict(zip(ARGON2_NAMES, settings.argon2, strict=True))
    values |= {name: getattr(settings, name) for name in ("profile", *NAMES) if name not in ("timezone", *ARGON2_NAMES)}
    values |= {"database_url": mask_url(settings.database_url), "timezone": str(settings.zone)}
    values["backup_folder"] = settings.backup_folder and str(settings.backup_folder)
    for name in ("profile", *NAMES):
        yield SettingValue(setting=name, value=values[name], origin=_describe_origin(settings, name))


def _describe_origin(settings: Settings, name: str) -> str:
    """Return the option or the variable that sets a setting, or the section of the config file with its path."""
    origin = settings.origins.get(name, "default")
    if origin == "config file":
        return f"{settings.config_path} [default]"
    kind, _, profile = origin.partition(" ")
    return f"{settings.config_path} [profiles.{profile}]" if kind == "profile" else origin


def _list_section(settings: Settings, section: str) -> Iterator[SettingValue]:
    for key, value in getattr(settings, section).items():
        origin = f"{settings.config_path} [{section}]"
        yield SettingValue(setting=f"{section}.{key}", value=mask_secrets(value), origin=origin)
