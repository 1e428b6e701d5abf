"""The user records that services return."""

from dataclasses import dataclass
from datetime import datetime

from .base import Changes


@dataclass(frozen=True, kw_only=True)
class UserSummary:
    """A user in a list, with the number of the user's posts that are not trashed."""

    id: int
    email: str
    full_name: str | None
    is_active: bool
    posts: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class UserDeletion(Changes[UserSummary]):
    """The deleted users, the number of their posts, and the new author of these posts.

    `posts` includes trashed posts. `heir` is the e-mail address of the new author, or None if there is no new author.
    """

    posts: int
    heir: str | None
