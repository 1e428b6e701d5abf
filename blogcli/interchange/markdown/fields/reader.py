"""Fields, taken one after the other; what nobody can take stays where it is."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self, TypeVar

from pydantic import JsonValue

from ....errors import InvalidError
from ...notes import NoteCode
from ..front_matter.limits import Fields

T = TypeVar("T")


def _keep_quiet(_code: NoteCode, _text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes values out of `fields`; `refuse` learns of each that cannot be understood and may raise.

    `say` learns what is guessed or changed.
    """

    fields: Fields
    refuse: Callable[[NoteCode, InvalidError], None]
    say: Callable[[NoteCode, str], None] = _keep_quiet

    def within(self, fields: Fields) -> Self:
        """The same for other fields."""
        return replace(self, fields=fields)

    def take(self, names: tuple[str, ...], meaning: Callable[[str, JsonValue], T], code: NoteCode) -> T | None:
        """What the first of the names means that is there and can be understood; the others stay."""
        for name in names:
            if name not in self.fields:
                continue
            try:
                value = meaning(name, self.fields[name])
            except InvalidError as error:
                self.refuse(code, error)
            else:
                del self.fields[name]
                return value
        return None
