"""Users, coming in and going out."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from ..text.emails import email_address
from ..text.limits import MAX_FULL_NAME
from .base import Changes, FilledText, Schema

Email = Annotated[str, AfterValidator(email_address)]
FullName = Annotated[FilledText, Field(max_length=MAX_FULL_NAME)]


class UserCreate(Schema):
    """A person to be added."""

    email: Email
    full_name: FullName | None = None
    is_active: bool = True


class UserUpdate(Schema):
    """What is to change; what is not set stays."""

    email: Email = ""
    full_name: FullName | None = None


class UserSummary(Schema):
    """A person as listed; `posts` counts those outside the trash."""

    id: int
    email: str
    full_name: str | None
    is_active: bool
    posts: int
    created_at: datetime
    updated_at: datetime


class UserDeletion(Changes[UserSummary]):
    """Deleted users, how many posts they had in and outside the trash, and the e-mail of the user who got these."""

    posts: int
    heir: str | None
