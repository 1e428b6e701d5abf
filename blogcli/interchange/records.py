"""What every format is read into and written from: people, tags and posts, as no database and no format knows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from ..enums import PostStatus

# Whole numbers in `extra` are nearer to zero: Python writes none of more digits than some thousands.
HUGE = 10**1_000


@dataclass(frozen=True, kw_only=True)
class UserRecord:
    """A person; without a hash nobody can log in as them."""

    email: str
    full_name: str | None = None
    is_active: bool = True
    hashed_password: str | None = None
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None


@dataclass(frozen=True, kw_only=True)
class TagRecord:
    """A tag, which no post need have."""

    name: str


@dataclass(frozen=True, kw_only=True)
class PostRecord:
    """A post; `author` is an e-mail address, None where the source names nobody; `extra` is what has no place here."""

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
