"""Convert the values of front matter fields.

A converter is called with the name and the value of a field. If the value cannot be converted, the converter raises
InvalidError with the name of the field in the message.
"""

from collections.abc import Iterator
from uuid import UUID

from pydantic import JsonValue

from ...errors import InvalidError

Fields = dict[str, JsonValue]

# In YAML 1.1, which Jekyll and Hexo use, these words are booleans.
_TRUE_WORDS = {"true", "yes", "on"}
_FALSE_WORDS = {"false", "no", "off"}
_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a map"}


def is_blank(value: JsonValue) -> bool:
    """Return whether a value is null, an empty string or a string that consists of white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def invalid_value(name: str, value: JsonValue, expected: str) -> InvalidError:
    """Return the error for an invalid value of the field `name`.

    `expected` describes the valid values for the error message, for example `text` or `a list`.
    """
    actual = repr(value) if isinstance(value, str) else _TYPES.get(type(value), "empty")
    return InvalidError(f"{name} must be {expected}, not {actual}")


def text(name: str, value: JsonValue) -> str:
    """Convert a string or a number to a string without surrounding white space."""
    # In TOML, digits without quotes are a number, for example in `slug = 2024`.
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise invalid_value(name, value, "text")


def exact_text(name: str, value: JsonValue) -> str:
    """Return a string unchanged, or convert a number to a string."""
    return value if isinstance(value, str) else text(name, value)


def truth(value: JsonValue) -> bool | None:
    """Return the boolean that a value represents, or None if the value is neither a boolean nor a word such as `yes`.

    The recognized words are `true`, `yes`, `on`, `false`, `no` and `off`, which are booleans in YAML 1.1.
    """
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _TRUE_WORDS:
        return True
    return False if word in _FALSE_WORDS else None


def boolean(name: str, value: JsonValue) -> bool:
    """Convert a boolean, or a word that `truth` recognizes as a boolean, to a boolean."""
    flag = truth(value)
    if flag is None:
        raise invalid_value(name, value, "true or false")
    return flag


def uuid(name: str, value: JsonValue) -> UUID:
    """Convert a string to a UUID. The string must contain the hyphens of the UUID."""
    typed = text(name, value)
    try:
        parsed = UUID(typed)
    except ValueError:
        parsed = None
    if parsed is None or str(parsed) != typed.lower():
        raise invalid_value(name, value, "a UUID")
    return parsed


def tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tags in a list or a string.

    A string is split at semicolons, or at commas if it contains no semicolons. A string that contains neither is split
    at white space.
    """
    if isinstance(value, str):
        return _trimmed(_split(value) or value.split())
    return tag_list(name, value)


def whole_tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tags in a list or a string. A tag may contain spaces.

    A string is split at semicolons, or at commas if it contains no semicolons.
    """
    if isinstance(value, str):
        return _trimmed(_split(value) or [value])
    return tag_list(name, value)


def tag_list(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the items of a list as tags, without blank items."""
    if not isinstance(value, list):
        raise invalid_value(name, value, "a list")
    return _trimmed(text(name, item) for item in value if item is not None)


def _split(typed: str) -> list[str]:
    # In Pelican, tags may contain commas if semicolons separate the tags, so semicolons take precedence.
    return next((typed.split(separator) for separator in ";," if separator in typed), [])


def _trimmed(names: "Iterator[str] | list[str]") -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name.strip())
