"""Functions that return the candidates with which a shell can complete an option value or an argument."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from typer import Context

from .. import completion, services
from ..config_file import CHECK_PAGES, RULE_OFF
from ..enums import CheckLevel, CheckRule, OutputFormat, PostStatus, TextField
from ..errors import BlogError
from ..setting_types import GUARDS
from ..settings import Overrides, load_settings, profile_names
from .fields import fields_of
from .parsing import global_options


def complete_fields(ctx: Context, incomplete: str) -> list[str]:
    """Complete the last item of a comma-separated list. The candidates are the fields that the command can print."""
    return _complete_last_item(fields_of(ctx.command_path.partition(" ")[2]), incomplete)


def complete_text_fields(_: Context, incomplete: str) -> list[str]:
    """Complete the last item of a comma-separated list. The candidates are the fields that --contains can search."""
    return _complete_last_item(TextField, incomplete)


def complete_statuses(_: Context, incomplete: str) -> list[str]:
    """Complete the last item of a comma-separated list. The candidates are the statuses of posts."""
    return _complete_last_item(PostStatus, incomplete)


def complete_rules(_: Context, incomplete: str) -> list[str]:
    """Complete the last item of a list of rules of the content check."""
    return _complete_last_item(CheckRule, incomplete)


def complete_posts(ctx: Context, incomplete: str) -> list[str]:
    """Complete the slug of a post, with or without the prefix `slug:`."""
    scheme = "slug:" if incomplete.startswith("slug:") else ""
    return [scheme + slug for slug in _find_names("posts", ctx, incomplete.removeprefix(scheme))]


def complete_tags(ctx: Context, incomplete: str) -> list[str]:
    """Complete the last item of a comma-separated list. The candidates are the names of tags."""
    _, _, start = incomplete.rpartition(",")
    return _complete_last_item(_find_names("tags", ctx, start), incomplete)


def complete_users(ctx: Context, incomplete: str) -> list[str]:
    """Complete the e-mail address of a user."""
    return _find_names("users", ctx, incomplete)


def complete_profiles(ctx: Context, _: str) -> list[str]:
    """Return the names of the profiles in the config file, or no names if the file is invalid."""
    config = global_options(ctx).get("config")
    try:
        return profile_names(Path(config) if config else None)
    except BlogError:
        return []


def complete_settings(_: Context, __: str) -> list[str]:
    """Return the names of the settings, and the keys of the other sections of the config file."""
    return services.config.keys.known_keys()


def complete_setting_values(ctx: Context, incomplete: str) -> list[str]:
    """Return the values of the setting whose name precedes the value, or no values if they cannot be listed."""
    key = str(ctx.params.get("key"))
    if key == "profile":
        return complete_profiles(ctx, incomplete)
    if key == "timezone":
        return services.config.keys.list_zones()
    if key == "format":
        return list(OutputFormat)
    if key in GUARDS:
        return ["false", "true"]
    return [*CheckLevel, RULE_OFF] if key.startswith("check.") and not key.endswith(CHECK_PAGES) else []


def sorted_by(keys: type[StrEnum]) -> dict[str, Any]:
    """Return the keyword arguments for an option whose value is one of `keys`, with or without a leading dash."""

    def complete_sort_key(_: Context, incomplete: str) -> list[str]:
        return [f"-{key}" for key in keys] if incomplete.startswith("-") else list(keys)

    return {"metavar": "FIELD", "autocompletion": complete_sort_key}


# Keyword arguments for options and arguments whose value refers to a post, a tag or a user.
POST: dict[str, Any] = {"metavar": "POST", "autocompletion": complete_posts}
TAG: dict[str, Any] = {"metavar": "TAG", "autocompletion": complete_tags}
USER: dict[str, Any] = {"metavar": "USER", "autocompletion": complete_users}


def _complete_last_item(names: Iterable[str], incomplete: str) -> list[str]:
    """Return a candidate for each name that is not yet in the comma-separated list `incomplete`.

    A candidate is the whole list, in which the name replaces the last item.
    """
    typed, comma, _ = incomplete.rpartition(",")
    typed_names = [name.strip().casefold() for name in typed.split(",")]
    return [f"{typed}{comma}{name}" for name in names if name.casefold() not in typed_names]


def _find_names(kind: str, ctx: Context, start: str) -> list[str]:
    """Return the names of the given kind that begin with `start`, or no names if the settings are invalid."""
    given = global_options(ctx)
    try:
        config = Path(given["config"]) if given.get("config") else None
        settings = load_settings(Overrides(given.get("database_url"), given.get("profile"), config))
    except BlogError:
        return []
    names = completion.known.find_names(kind, start, settings)
    # Typer drops candidates that do not begin with exactly the typed text, so the start of each name is replaced by the
    # typed text. The candidates remain valid, because commands ignore the case of names.
    return [start + name[len(start) :] if name.casefold().startswith(start.casefold()) else name for name in names]
