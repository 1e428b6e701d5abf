"""Records of users, tags and posts. The readers of all formats create records, and the writers write records."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from ..enums import PostStatus

# The absolute value of an integer in `extra` must be less than this limit, because Python refuses to format integers
# with thousands of digits.
INTEGER_LIMIT = 10**1_000


@dataclass(frozen=True, kw_only=True)
class UserRecord:
    """A user. The user has no password if `hashed_password` is None."""

    email: str
    full_name: str | None = None
    is_active: bool = True
    hashed_password: str | None = None
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None


@dataclass(frozen=True, kw_only=True)
class TagRecord:
    """A tag, which may have no posts."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PostRecord:
    """A post. A field that can be None is None if the source does not contain a value for the field.

    `author` is the e-mail address of the author. `extra` contains those values of the source for which a post has no
    field.
    """

    uuid: UUID
    title: str
    author: str | None = None
    slug: str | None = None
    content: str = ""
    excerpt: str | None = None
    status: PostStatus = PostStatus.DRAFT
    tags: tuple[str, ...] = ()
    extra: Mapping[str, JsonValue] = field(default_factory=dict)
    published_at: AwareDatetime | None = None
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    trashed_at: AwareDatetime | None = None
    expires_at: AwareDatetime | None = None
    first_published_at: AwareDatetime | None = None


Record: TypeAlias = UserRecord | TagRecord | PostRecord
