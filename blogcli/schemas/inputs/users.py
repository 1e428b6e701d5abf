"""Users to create, and changes to users."""

from typing import Annotated

from pydantic import AfterValidator, Field

from ...text.emails import normalize_email
from ...text.limits import MAX_FULL_NAME
from .base import FilledText, Input

Email = Annotated[str, AfterValidator(normalize_email)]
FullName = Annotated[FilledText, Field(max_length=MAX_FULL_NAME)]


class UserCreate(Input):
    """A new user."""

    email: Email
    full_name: FullName | None = None
    is_active: bool = True


class UserUpdate(Input):
    """Changes to a user; fields that are not set remain unchanged."""

    email: Email = ""
    full_name: FullName | None = None
