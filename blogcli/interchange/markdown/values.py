"""Convert the values of fields. A converter raises InvalidError for a value that it does not understand."""

from collections.abc import Iterator
from uuid import UUID

from pydantic import JsonValue

from ...errors import InvalidError

Fields = dict[str, JsonValue]

# These are the booleans of YAML 1.1, which Jekyll and Hexo read.
_TRUE_WORDS = {"true", "yes", "on"}
_FALSE_WORDS = {"false", "no", "off"}
_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a map"}


def is_blank(value: JsonValue) -> bool:
    """Return whether a value is null, or a text that is empty or only white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def invalid_value(name: str, value: JsonValue, expected: str) -> InvalidError:
    """Return the error for a value that is not what a field expects, such as `text` or `a list`."""
    actual = repr(value) if isinstance(value, str) else _TYPES.get(type(value), "empty")
    return InvalidError(f"{name} must be {expected}, not {actual}")


def text(name: str, value: JsonValue) -> str:
    """Return a text or a number as text, without surrounding white space."""
    # TOML has typed numbers, such as in `slug = 2024`.
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise invalid_value(name, value, "text")


def exact_text(name: str, value: JsonValue) -> str:
    """Return a text unchanged, or a number as text."""
    return value if isinstance(value, str) else text(name, value)


def truth(value: JsonValue) -> bool | None:
    """Return a boolean, or what a word such as `yes` means in YAML 1.1, or None for any other value."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _TRUE_WORDS:
        return True
    return False if word in _FALSE_WORDS else None


def boolean(name: str, value: JsonValue) -> bool:
    """Return a boolean, or what a word such as `yes` means in YAML 1.1."""
    flag = truth(value)
    if flag is None:
        raise invalid_value(name, value, "true or false")
    return flag


def uuid(name: str, value: JsonValue) -> UUID:
    """Return a UUID that is written with hyphens."""
    typed = text(name, value)
    try:
        parsed = UUID(typed)
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != typed.lower():
        raise invalid_value(name, value, "a UUID")
    return parsed


def tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tags of a list, or of a text that is split at commas or semicolons, or else at white space."""
    if isinstance(value, str):
        return _trimmed(_split(value) or value.split())
    return tag_list(name, value)


def whole_tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tags of a list, or of a text that is split at commas or semicolons but not at white space."""
    if isinstance(value, str):
        return _trimmed(_split(value) or [value])
    return tag_list(name, value)


def tag_list(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tags of a list without its null items."""
    if not isinstance(value, list):
        raise invalid_value(name, value, "a list")
    return _trimmed(text(name, item) for item in value if item is not None)


def _split(typed: str) -> list[str]:
    # In Pelican, a tag may contain a comma if semicolons separate the tags.
    return next((typed.split(separator) for separator in ";," if separator in typed), [])


def _trimmed(names: "Iterator[str] | list[str]") -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name.strip())
