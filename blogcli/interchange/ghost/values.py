"""Convert the values of columns in Ghost exports. The type of a value depends on the version of Ghost."""

from typing import Any


def parse_id(value: object) -> str | None:
    """Return an id as a string, or None if the value is an empty string or neither a string nor a number."""
    return as_text(value) or None


def as_text(value: object) -> str | None:
    """Return a string unchanged, a number as a string, or None for a value of any other type."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def is_true(value: object) -> bool:
    """Return whether a value is one of the values that mean "true" in Ghost exports: true, 1, "1" or "true"."""
    return value in (True, "1", "true")


def is_empty(value: object) -> bool:
    """Return whether a value is null or an empty string, list or object."""
    return value is None or value in ("", [], {})


def as_object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - the argument can be any JSON value
    """Return a JSON object unchanged, or an empty object for a value of any other type."""
    return value if isinstance(value, dict) else {}


def list_objects(value: object) -> list[dict[str, Any]]:
    """Return the JSON objects in a list, or an empty list if the value is not a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def list_lists(value: object) -> list[list[Any]]:
    """Return the elements of a list that are lists, or an empty list if the value is not a list."""
    return [item for item in value if isinstance(item, list)] if isinstance(value, list) else []
