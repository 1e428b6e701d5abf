"""Read the fields of front matter one by one, and keep the fields whose values cannot be converted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from pydantic import JsonValue

from ....errors import InvalidError
from ...notes import NoteCode, ignore_note
from ..values import Fields

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Removes fields from `fields` and returns their converted values.

    `on_error` is called for each value that cannot be converted, and may raise an exception. `on_note` is called for
    each value that is inferred or changed.
    """

    fields: Fields
    on_error: Callable[[NoteCode, InvalidError], None]
    on_note: Callable[[NoteCode, str], None] = ignore_note

    def within(self, fields: Fields) -> Self:
        """Return a FieldReader of `fields` that has the callbacks of this reader."""
        return replace(self, fields=fields)

    def pop(self, names: tuple[str, ...], convert: Callable[[str, JsonValue], T], code: NoteCode) -> T | None:
        """Remove the first of the named fields that can be converted, and return the converted value.

        `convert` is called with the name and the value of a field, and raises InvalidError if it cannot convert the
        value. `on_error` is then called with `code` and the error. All other fields stay in `fields`. Returns None if
        there is no named field that can be converted.
        """
        for name in names:
            if name not in self.fields:
                continue
            try:
                value = convert(name, self.fields[name])
            except InvalidError as error:
                self.on_error(code, error)
            else:
                del self.fields[name]
                return value
        return None
