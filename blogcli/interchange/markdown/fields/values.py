"""What the values of fields mean; InvalidError for what cannot be understood."""

from collections.abc import Iterator
from uuid import UUID

from pydantic import JsonValue

from ....errors import InvalidError

# YAML 1.1, which Jekyll and Hexo read, has all of these.
_TRUE_WORDS = {"true", "yes", "on"}
_FALSE_WORDS = {"false", "no", "off"}
_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a map"}


def is_blank(value: JsonValue) -> bool:
    """Whether a value says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def unusable(name: str, value: JsonValue, expected: str) -> InvalidError:
    """The error for a value of another kind than the one expected."""
    found = repr(value) if isinstance(value, str) else _TYPES.get(type(value), "empty")
    return InvalidError(f"{name} must be {expected}, not {found}")


def text(name: str, value: JsonValue) -> str:
    """Text, without white space around it."""
    # TOML has numbers of its own: `slug = 2024`.
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise unusable(name, value, "text")


def exact_text(name: str, value: JsonValue) -> str:
    """Text, every character of it."""
    return value if isinstance(value, str) else text(name, value)


def truth(value: JsonValue) -> bool | None:
    """Whether it says yes; None where it says neither yes nor no."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _TRUE_WORDS else False if word in _FALSE_WORDS else None


def boolean(name: str, value: JsonValue) -> bool:
    """Whether it says yes."""
    said = truth(value)
    if said is None:
        raise unusable(name, value, "true or false")
    return said


def uuid(name: str, value: JsonValue) -> UUID:
    """A UUID in its usual form."""
    typed = text(name, value)
    try:
        found = UUID(typed)
    except ValueError:
        found = None
    if found is None or str(found) != typed.lower():
        raise unusable(name, value, "a UUID")
    return found


def tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Tags; a text is separated at its commas or semicolons, else, as in Jekyll, at its blanks."""
    if isinstance(value, str):
        return _trimmed(_separated(value) or value.split())
    return tag_list(name, value)


def whole_tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Tags; a text without commas and semicolons is a single one, blanks and all."""
    if isinstance(value, str):
        return _trimmed(_separated(value) or [value])
    return tag_list(name, value)


def tag_list(name: str, value: JsonValue) -> tuple[str, ...]:
    """The tags of a list, null being none."""
    if not isinstance(value, list):
        raise unusable(name, value, "a list")
    return _trimmed(text(name, item) for item in value if item is not None)


def _separated(typed: str) -> list[str]:
    # Pelican takes a comma into a name where semicolons separate.
    return next((typed.split(mark) for mark in ";," if mark in typed), [])


def _trimmed(names: "Iterator[str] | list[str]") -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name.strip())
