"""The base class of all schemas, the types of text that the database can store, and schemas that wrap others."""

from typing import Annotated, Any, Generic, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ..errors import InvalidError
from ..text.limits import UNSTORABLE

T = TypeVar("T")
S = TypeVar("S", bound="Schema")


def _storable(text: str) -> str:
    match = UNSTORABLE.search(text)
    if match:
        what = "a NUL character" if match[0] == "\x00" else "half of a surrogate pair (not valid Unicode)"
        raise ValueError(f"holds {what} at offset {match.start()}")
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


# A text that both databases can store: it contains neither NUL characters nor halves of surrogate pairs.
Text = Annotated[str, AfterValidator(_storable)]
FilledText = Annotated[Text, AfterValidator(_filled)]


class Schema(BaseModel):
    """Base class of the data that services take and return.

    The validator of a schema is built when it is first used, because most commands use few of them.
    """

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid", from_attributes=True)

    @classmethod
    def checked(cls, **values: Any) -> Self:  # noqa: ANN401 - pydantic validates the values
        """Return an instance; raise InvalidError that names the first invalid value and the reason in one line."""
        try:
            return cls(**values)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            field = " ".join(part for part in fault["loc"] if isinstance(part, str)).replace("_", " ")
            reason = fault["msg"].removeprefix("Value error, ")
            raise InvalidError(f"{field.capitalize()}: {reason[:1].lower()}{reason[1:]}") from None


class Page(Schema, Generic[T]):
    """A page of records, the number of all records if they were counted, and the cursor of the next page."""

    items: list[T]
    total: int | None
    next: str | None = None


class Changes(Schema, Generic[T]):
    """The records that a command changed, in order, and the number of those that it left unchanged.

    `missing` contains the references that were skipped because nothing has that name. `existing` contains the records
    that were not created because they exist. `published`, `withdrawn` and `emptied` are the ids of the posts that
    became public, that are no longer public, and that have lost their text.
    """

    changed: list[T]
    unchanged: int = 0
    missing: list[str] = []
    existing: list[T] = []
    published: list[int] = []
    withdrawn: list[int] = []
    emptied: list[int] = []
