"""Convert the values of Ghost's columns, which have different types in the exports of different versions."""

from typing import Any


def parse_id(value: object) -> str | None:
    """Return an id, which may be a number, as a text; None if it is empty or has another type."""
    return as_text(value) or None


def as_text(value: object) -> str | None:
    """Return a text unchanged and a number as a text; None for any other type."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def is_true(value: object) -> bool:
    """Return whether a value is one that databases and exports use for true: true, 1, "1" or "true"."""
    return value in (True, "1", "true")


def is_empty(value: object) -> bool:
    """Return whether a value is null or an empty text, list or object."""
    return value is None or value in ("", [], {})


def as_object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - a JSON value
    """Return an object unchanged; an empty object for any other type."""
    return value if isinstance(value, dict) else {}


def list_objects(value: object) -> list[dict[str, Any]]:
    """Return the objects in a list; an empty list for any other type."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def list_lists(value: object) -> list[list[Any]]:
    """Return the lists in a list; an empty list for any other type."""
    return [item for item in value if isinstance(item, list)] if isinstance(value, list) else []
