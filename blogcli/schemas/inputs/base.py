"""The base class of inputs, and the types of their fields."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from ...errors import InvalidError
from ...text.limits import require_storable


def _require_filled(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _require_value(value: object) -> object:
    if value is None:
        raise ValueError("must not be null")
    return value


# A text that both databases can store: it contains neither NUL characters nor halves of surrogate pairs.
Text = Annotated[str, AfterValidator(require_storable)]
FilledText = Annotated[Text, AfterValidator(_require_filled)]
# A validator for the fields of an update that reject None. None is only the default value of a field that is not set.
NotNull = BeforeValidator(_require_value)


class Input(BaseModel):
    """Base class of the data that services store.

    The validator of a class is built on first use of the class, because most commands use few of the classes.
    """

    model_config = ConfigDict(defer_build=True, frozen=True, extra="forbid")

    @classmethod
    def checked(cls, **values: Any) -> Self:  # noqa: ANN401 - pydantic validates the values
        """Return an instance with these values.

        Raises InvalidError with a one-line message that names the first invalid field and the reason.
        """
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = " ".join(part for part in first["loc"] if isinstance(part, str)).replace("_", " ")
            reason = first["msg"].removeprefix("Value error, ")
            raise InvalidError(f"{field.capitalize()}: {reason[:1].lower()}{reason[1:]}") from None
