"""Convert parsed front matter to JSON values of limited depth and size, and create the errors of parsers."""

import math
from datetime import date, datetime, time

from pydantic import JsonValue

from ....errors import InvalidError
from ....text.limits import UNSTORABLE
from ....text.truncate_repr import quoted
from ...records import INTEGER_LIMIT
from ..values import Fields

# The maximum number of nested levels of a value. The number is far below the limit of Python, which allows about 1,000
# nested calls. The number is above 100, because values in `extra` that were imported from other formats may be nested
# 100 levels deep.
MAX_DEPTH = 110
# The number of characters that resolved YAML aliases may add to the values. Without a limit, ten lines of nested
# aliases can expand to gigabytes.
_SIZE_BUDGET = 1_000_000


def json_fields(fields: dict[str, object], *, length: int) -> Fields:
    """Convert the values of all fields to JSON values.

    `length` is the number of characters in the front matter. The limit on the total size of the values is twice
    `length` plus a constant.

    Raises InvalidError if a value is nested too deeply, is too large or cannot be stored.
    """
    copier = _Copier(_SIZE_BUDGET + 2 * length)
    return {copier.text(name): copier.value(value) for name, value in fields.items()}


def parse_error(problem: str, *, line: int | None = None, hint: str | None = None) -> InvalidError:
    """Return the error for front matter that cannot be parsed, with the line number if `line` is given."""
    location = "" if line is None else f" (line {line})"
    return InvalidError(f"Front matter: {' '.join(problem.split())}{location}", hint=hint)


def too_deep(line: int | None = None) -> InvalidError:
    """Return the error for values that are nested too deeply."""
    return parse_error(f"nested more than {MAX_DEPTH} levels deep", line=line)


def too_many_digits() -> InvalidError:
    """Return the error for an integer that has so many digits that Python refuses to parse or format the integer."""
    return parse_error("a number has too many digits")


def duplicate_name(name: str, *, line: int | None = None) -> InvalidError:
    """Return the error for a field that occurs twice with different values."""
    return parse_error(f"the field {quoted(name)} occurs twice with different values", line=line)


def finite(text: str) -> float | str:
    """Convert `text` to a float, or return `text` unchanged if the number is infinite or NaN.

    Raises ValueError if `text` is not a number.
    """
    number = float(text)
    return number if math.isfinite(number) else text


class _Copier:
    """Converts values to JSON values, and raises InvalidError if the total size of the values exceeds the budget."""

    def __init__(self, budget: int) -> None:
        self._budget = budget

    def value(self, value: object, depth: int = 1) -> JsonValue:
        self._spend(1)
        if depth > MAX_DEPTH:
            raise too_deep()
        match value:
            case str():
                return self.text(value)
            case datetime() | date() | time():
                return value.isoformat()
            case int() if abs(value) >= INTEGER_LIMIT:
                raise too_many_digits()
            case None | bool() | int() | float():
                return value
            case list():
                return [self.value(item, depth + 1) for item in value]
            case dict():
                return {self.text(name): self.value(item, depth + 1) for name, item in value.items()}
        raise TypeError(f"Not a value of front matter: {value!r}")

    def text(self, text: str) -> str:
        self._spend(len(text))
        unstorable = UNSTORABLE.search(text)
        if unstorable:
            raise parse_error(f"the character U+{ord(unstorable[0]):04X} is not allowed")
        return text

    def _spend(self, size: int) -> None:
        self._budget -= size
        if self._budget < 0:
            raise parse_error("its aliases expand to too much data", hint="Write out the values of the aliases.")
