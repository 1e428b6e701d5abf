"""What Tab offers as the value of an option or argument."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Any

from typer import Context

from .. import completion
from ..enums import PostStatus, TextField
from ..errors import BlogError
from ..settings import Overrides, load_settings, profile_names
from .fields import fields_of
from .parsing import global_options


def field_names(ctx: Context, incomplete: str) -> list[str]:
    """The fields that the command prints, behind those that stand before a comma."""
    return _listed(fields_of(ctx.command_path.partition(" ")[2]), incomplete)


def text_fields(_: Context, incomplete: str) -> list[str]:
    """Where --contains may look, behind what stands before a comma."""
    return _listed(TextField, incomplete)


def statuses(_: Context, incomplete: str) -> list[str]:
    """Return the statuses of posts, behind those that come before a comma."""
    return _listed(PostStatus, incomplete)


def posts(ctx: Context, incomplete: str) -> list[str]:
    """The slugs of posts."""
    scheme = "slug:" if incomplete.startswith("slug:") else ""
    return [scheme + slug for slug in _names("posts", ctx, incomplete.removeprefix(scheme))]


def tags(ctx: Context, incomplete: str) -> list[str]:
    """Return the names of tags, behind those that stand before a comma."""
    _, _, start = incomplete.rpartition(",")
    return _listed(_names("tags", ctx, start), incomplete)


def users(ctx: Context, incomplete: str) -> list[str]:
    """The e-mail addresses of users."""
    return _names("users", ctx, incomplete)


def profiles(ctx: Context, _: str) -> list[str]:
    """Return the names of the profiles in the config file."""
    config = global_options(ctx).get("config")
    try:
        return profile_names(Path(config) if config else None)
    except BlogError:
        return []


def sorted_by(keys: type[StrEnum]) -> dict[str, Any]:
    """Return the keyword arguments of an option whose value is one of these fields, or -FIELD."""

    def offered(_: Context, incomplete: str) -> list[str]:
        return [f"-{key}" for key in keys] if incomplete.startswith("-") else list(keys)

    return {"metavar": "FIELD", "autocompletion": offered}


# Arguments for options and arguments that take the name of a post, a tag or a user.
POST: dict[str, Any] = {"metavar": "POST", "autocompletion": posts}
TAG: dict[str, Any] = {"metavar": "TAG", "autocompletion": tags}
USER: dict[str, Any] = {"metavar": "USER", "autocompletion": users}


def _listed(names: Iterable[str], incomplete: str) -> list[str]:
    before, comma, _ = incomplete.rpartition(",")
    taken = [name.strip().casefold() for name in before.split(",")]
    return [f"{before}{comma}{name}" for name in names if name.casefold() not in taken]


def _names(kind: str, ctx: Context, start: str) -> list[str]:
    given = global_options(ctx)
    try:
        config = Path(given["config"]) if given.get("config") else None
        settings = load_settings(Overrides(given.get("database_url"), given.get("profile"), config))
    except BlogError:
        return []
    found = completion.known.find_names(kind, start, settings)
    # Spelled as they were begun: Typer passes over other spellings, and a name is found by any.
    return [start + name[len(start) :] if name.casefold().startswith(start.casefold()) else name for name in found]
