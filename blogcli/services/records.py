"""Rows -> the neutral records that go out."""

from typing import Any

from sqlalchemy import Row

from ..enums import PostStatus
from ..interchange.record import PostRecord, UserRecord
from ..models import User
from ..repositories.listed import names_of


def user_record(user: User, *, with_hash: bool = False) -> UserRecord:
    """The record of a person, without the hash of the password unless asked."""
    return UserRecord(
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        hashed_password=user.hashed_password if with_hash else None,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )


def post_record(row: Row[Any]) -> PostRecord:
    """The record of a post, given as a row of `repositories.archive.WHOLE`."""
    values = row._asdict()
    values.pop("id", None)
    return PostRecord(**values | {"status": PostStatus(row.status), "tags": tuple(names_of(row.tags))})
