"""What a parser returned -> JSON values, until they outgrow what any front matter needs."""

import math
from datetime import date, datetime, time

from pydantic import JsonValue

from ....errors import InvalidError
from ....text.limits import UNSTORABLE
from ...records import HUGE
from ...truncate_repr import quoted

Fields = dict[str, JsonValue]

# Python allows about a thousand nested calls; what other formats bring along may be a hundred deep.
MAX_DEPTH = 110
# In characters, every alias written out, besides what was typed: ten lines of aliases to aliases are gigabytes.
_ROOM = 1_000_000


def json_fields(fields: dict[str, object], *, typed: int) -> Fields:
    """A copy of the fields as JSON values; InvalidError for what is too deep, too large or cannot be stored.

    How large they may be depends on how many characters were typed.
    """
    copier = _Copier(_ROOM + 2 * typed)
    return {copier.text(name): copier.value(value) for name, value in fields.items()}


def problem(what: str, *, line: int | None = None, hint: str | None = None) -> InvalidError:
    """The error for fields that cannot be read, with the line in the file where it is known."""
    place = "" if line is None else f" (line {line})"
    return InvalidError(f"Front matter: {' '.join(what.split())}{place}", hint=hint)


def too_deep(line: int | None = None) -> InvalidError:
    """The error for values within values within values."""
    return problem(f"nested more than {MAX_DEPTH} levels deep", line=line)


def too_many_digits() -> InvalidError:
    """The error for a number that Python would not write."""
    return problem("a number has too many digits")


def twice(name: str, *, line: int | None = None) -> InvalidError:
    """The error for a field that says two things: nobody can know which is meant."""
    return problem(f"the name {quoted(name)} stands twice, with other values", line=line)


def finite(text: str) -> float | str:
    """The number, or the text of one that JSON does not have; ValueError where it is none."""
    number = float(text)
    return number if math.isfinite(number) else text


class _Copier:
    def __init__(self, room: int) -> None:
        self._room = room

    def value(self, value: object, depth: int = 1) -> JsonValue:
        self._take(1)
        if depth > MAX_DEPTH:
            raise too_deep()
        match value:
            case str():
                return self.text(value)
            case datetime() | date() | time():
                return value.isoformat()
            case int() if abs(value) >= HUGE:
                raise too_many_digits()
            case None | bool() | int() | float():
                return value
            case list():
                return [self.value(item, depth + 1) for item in value]
            case dict():
                return {self.text(name): self.value(item, depth + 1) for name, item in value.items()}
        raise TypeError(f"Not a value of front matter: {value!r}")

    def text(self, text: str) -> str:
        self._take(len(text))
        bad = UNSTORABLE.search(text)
        if bad:
            raise problem(f"the character U+{ord(bad[0]):04X} is not allowed")
        return text

    def _take(self, size: int) -> None:
        self._room -= size
        if self._room < 0:
            raise problem("its aliases stand for far more than was typed", hint="Write out what they stand for.")
