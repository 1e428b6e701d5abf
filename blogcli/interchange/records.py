"""Users, tags and posts, independent of formats and of the database: readers create them, and writers write them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from ..enums import PostStatus

# Integers in `extra` must be smaller than this, because Python refuses to write very long integers.
HUGE = 10**1_000


@dataclass(frozen=True, kw_only=True)
class UserRecord:
    """A user, who has no password if there is no hash."""

    email: str
    full_name: str | None = None
    is_active: bool = True
    hashed_password: str | None = None
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None


@dataclass(frozen=True, kw_only=True)
class TagRecord:
    """A tag, whether or not a post has it."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PostRecord:
    """A post.

    `author` is an e-mail address, or None if the source names no author. `extra` holds values without a field of their
    own. An optional field is None if the source does not state it.
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
