"""Convert the values of front matter fields.

A converter has the name of the field as its first parameter, because InvalidError, which the converter raises if it
cannot convert the value, contains the name in its message.
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
    """Return a string without surrounding white space, or a number as a string."""
    # In TOML, a value without quotes is a number, for example in `slug = 2024`.
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise invalid_value(name, value, "text")


def exact_text(name: str, value: JsonValue) -> str:
    """Return a string unchanged, or a number as a string."""
    return value if isinstance(value, str) else text(name, value)


def truth(value: JsonValue) -> bool | None:
    """Return the boolean that a value represents, or None if the value is neither a boolean nor a word such as `yes`.

    The words are the booleans of YAML 1.1.
    """
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _TRUE_WORDS:
        return True
    return False if word in _FALSE_WORDS else None


def boolean(name: str, value: JsonValue) -> bool:
    """Return the boolean that a value represents, which is a boolean or a word for a boolean in YAML 1.1."""
    flag = truth(value)
    if flag is None:
        raise invalid_value(name, value, "true or false")
    return flag


def uuid(name: str, value: JsonValue) -> UUID:
    """Convert a string to a UUID, which must be written with hyphens."""
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

    A string is split at semicolons. If it contains no semicolons, it is split at commas, and if it contains no commas
    either, it is split at white space.
    """
    if isinstance(value, str):
        return _trimmed(_split(value) or value.split())
    return tag_list(name, value)


def whole_tags(name: str, value: JsonValue) -> tuple[str, ...]:
    """Return the tags in a list or a string, which may contain spaces.

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
    # In Pelican, a tag may contain a comma if semicolons separate the tags, so the text is split at semicolons first.
    return next((typed.split(separator) for separator in ";," if separator in typed), [])


def _trimmed(names: "Iterator[str] | list[str]") -> tuple[str, ...]:
    return tuple(name.strip() for name in names if name.strip())
