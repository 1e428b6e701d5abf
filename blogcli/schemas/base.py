"""What every schema shares, and the one way a value's fault becomes an error for the user."""

from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ..errors import InvalidError
from ..text.limits import UNSTORABLE

T = TypeVar("T")
S = TypeVar("S", bound="Schema")


def _storable(text: str) -> str:
    found = UNSTORABLE.search(text)
    if found:
        what = "a NUL character" if found[0] == "\x00" else "half of a surrogate pair (not valid Unicode)"
        raise ValueError(f"holds {what} at offset {found.start()}")
    return text


def _one_line_filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


# Any text that both databases can hold: no NUL, no half of a surrogate pair.
Text = Annotated[str, AfterValidator(_storable)]
FilledText = Annotated[Text, AfterValidator(_one_line_filled)]


class Schema(BaseModel):
    """The base of everything that crosses the boundary; built when first used, since most runs use few."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid", from_attributes=True)

    @classmethod
    def checked(cls, **values: Any) -> Self:  # noqa: ANN401 - pydantic judges the values
        """An instance, or InvalidError that says in one line which value is at fault and why."""
        try:
            return cls(**values)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            field = " ".join(part for part in fault["loc"] if isinstance(part, str)).replace("_", " ")
            reason = fault["msg"].removeprefix("Value error, ")
            raise InvalidError(f"{field.capitalize()}: {reason[:1].lower()}{reason[1:]}") from None


class Page(Schema, Generic[T]):
    """A stretch of a list, how many there are in all if that was counted, and where the next stretch starts."""

    items: list[T]
    total: int | None
    next: str | None = None


class Changes(Schema, Generic[T]):
    """The records that a command changed, in order, and how many it left as they were.

    `existing` holds records that were to be created only if they did not exist, and do. `published`, `withdrawn` and
    `emptied` are the ids of the posts that became public, that are no longer public, and that have lost their text.
    """

    changed: list[T]
    unchanged: int = 0
    missing: list[str] = []
    existing: list[T] = []
    published: list[int] = []
    withdrawn: list[int] = []
    emptied: list[int] = []
