"""Users, tags and posts as readers create them and writers write them, for all formats and without a database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from ..enums import PostStatus

# The absolute values of integers in `extra` are less than this, because Python refuses to format very long integers.
INTEGER_LIMIT = 10**1_000


@dataclass(frozen=True, kw_only=True)
class UserRecord:
    """A user, without a password if `hashed_password` is None."""

    email: str
    full_name: str | None = None
    is_active: bool = True
    hashed_password: str | None = None
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None


@dataclass(frozen=True, kw_only=True)
class TagRecord:
    """A tag, with or without posts."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PostRecord:
    """A post, with None for optional fields that the source does not contain.

    `author` is the e-mail address of the author. `extra` contains the values of the source that have no field here.
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
