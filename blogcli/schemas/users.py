"""Input and output with users."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from ..text.emails import normalize_email
from ..text.limits import MAX_FULL_NAME
from .base import Changes, FilledText, Schema

Email = Annotated[str, AfterValidator(normalize_email)]
FullName = Annotated[FilledText, Field(max_length=MAX_FULL_NAME)]


class UserCreate(Schema):
    """A new user."""

    email: Email
    full_name: FullName | None = None
    is_active: bool = True


class UserUpdate(Schema):
    """Changes to a user; fields that are not set remain unchanged."""

    email: Email = ""
    full_name: FullName | None = None


class UserSummary(Schema):
    """A user in a list, with the number of their posts that are not trashed."""

    id: int
    email: str
    full_name: str | None
    is_active: bool
    posts: int
    created_at: datetime
    updated_at: datetime


class UserDeletion(Changes[UserSummary]):
    """The deleted users, the number of their posts including trashed ones, and the new author of these posts."""

    posts: int
    heir: str | None
