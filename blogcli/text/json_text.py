"""Parse JSON that another program may have written."""

import json
from collections.abc import Callable, Iterator
from typing import Any

# Values with more levels are refused, because functions that visit all values of a nested value would exceed the limit
# of recursion. How many levels the parser of Python itself refuses depends on the version of Python.
MAX_LEVELS = 500


def parse_json(text: str | bytes, *, parse_constant: Callable[[str], Any] | None = None) -> Any:  # noqa: ANN401 - JSON can contain any value
    """Return the value in a JSON text.

    `parse_constant` is called with NaN, Infinity or -Infinity, which are not JSON. By default, they become floats.
    Raises ValueError if the text is not JSON, or if its lists and objects are nested more than MAX_LEVELS deep.
    """
    try:
        value = json.loads(text, parse_constant=parse_constant)
    except RecursionError:
        raise _too_deep() from None
    # Only a text with many brackets needs the slower comparison.
    count = text.count("[") + text.count("{") if isinstance(text, str) else text.count(b"[") + text.count(b"{")
    if count > MAX_LEVELS and _has_too_many_levels(value):
        raise _too_deep()
    return value


def _has_too_many_levels(value: object) -> bool:
    level = [value]
    for _ in range(MAX_LEVELS):
        level = [inner for outer in level for inner in _children(outer)]
        if not level:
            return False
    return any(isinstance(inner, (list, dict)) for inner in level)


def _children(value: object) -> Iterator[object]:
    match value:
        case list():
            yield from value
        case dict():
            yield from value.values()


def _too_deep() -> ValueError:
    return ValueError(f"lists and objects are nested more than {MAX_LEVELS} levels deep")
