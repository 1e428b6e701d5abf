"""Read the fields of front matter one by one and leave the fields that cannot be understood."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from pydantic import JsonValue

from ....errors import InvalidError
from ...notes import NoteCode
from ..values import Fields

T = TypeVar("T")


def _ignore_note(_code: NoteCode, _text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class FieldReader:
    """Removes values from `fields` and returns what they mean.

    `on_error` is called for each value that cannot be understood, and may raise. `on_note` is called for each value
    that is inferred or changed.
    """

    fields: Fields
    on_error: Callable[[NoteCode, InvalidError], None]
    on_note: Callable[[NoteCode, str], None] = _ignore_note

    def within(self, fields: Fields) -> Self:
        """Return a reader of other fields with the callbacks of this one."""
        return replace(self, fields=fields)

    def pop(self, names: tuple[str, ...], meaning: Callable[[str, JsonValue], T], code: NoteCode) -> T | None:
        """Remove the first of the named fields that can be understood, and return what it means.

        The other fields stay. Returns None if no named field is present and can be understood.
        """
        for name in names:
            if name not in self.fields:
                continue
            try:
                value = meaning(name, self.fields[name])
            except InvalidError as error:
                self.on_error(code, error)
            else:
                del self.fields[name]
                return value
        return None
