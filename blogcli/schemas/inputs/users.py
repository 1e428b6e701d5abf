"""Users to create, and changes to users."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ...text.emails import normalize_email
from ...text.limits import MAX_FULL_NAME
from .base import FilledText, Input, NotNull

Email = Annotated[str, AfterValidator(normalize_email)]
FullName = Annotated[FilledText, Field(max_length=MAX_FULL_NAME)]


class UserCreate(Input):
    """A new user."""

    email: Email
    full_name: FullName | None = None
    is_active: bool = True


class UserUpdate(Input):
    """Changes to a user. Fields that are not set remain unchanged."""

    email: Annotated[Email | None, NotNull] = None
    full_name: FullName | None = None
