"""Users, coming in and going out."""

from datetime import datetime
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field

from .base import FilledText, Schema


def _normalised(address: str) -> str:
    try:
        valid = validate_email(address.strip(), check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(f"{address!r} is not an address: {error}") from None
    return valid.normalized.lower()


Email = Annotated[str, AfterValidator(_normalised)]
FullName = Annotated[FilledText, Field(max_length=100)]


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
