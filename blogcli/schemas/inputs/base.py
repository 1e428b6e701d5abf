"""The base class of inputs, and the types of text that the database can store."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from ...errors import InvalidError
from ...text.limits import require_storable


def _filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


# A text that both databases can store: it contains neither NUL characters nor halves of surrogate pairs.
Text = Annotated[str, AfterValidator(require_storable)]
FilledText = Annotated[Text, AfterValidator(_filled)]


class Input(BaseModel):
    """Base class of the data that services store.

    The validator of a class is built when it is first used, because most commands use few of them.
    """

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

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
