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


# A text that SQLite and PostgreSQL can store. Such a text contains neither NUL characters nor lone surrogates.
Text = Annotated[str, AfterValidator(require_storable)]
FilledText = Annotated[Text, AfterValidator(_require_filled)]
# A validator that rejects None, for fields of an update that cannot be set to None. In these fields, None is only the
# default value, which means that the field is not set.
NotNull = BeforeValidator(_require_value)


class Input(BaseModel):
    """Base class of the data that services store.

    Pydantic builds the validator of a class when the class is first used, because most commands use few of the classes.
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
