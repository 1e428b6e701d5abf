"""The records of posts that services return."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ...enums import PostStatus


@dataclass(frozen=True, kw_only=True)
class PostSummary:
    """A post in a list, without its content."""

    id: int
    uuid: UUID
    title: str
    slug: str
    status: PostStatus
    author: str
    tags: list[str]
    excerpt: str | None
    words: int
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime
    trashed_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class PostHit(PostSummary):
    """A post in the results of a search, with the text around the first match.

    `score` is None if the results are not ranked.
    """

    score: float | None
    snippet: str


@dataclass(frozen=True, kw_only=True)
class PostDetail(PostSummary):
    """A post with its content, its extra fields and its version.

    An edit of the post can be saved only if the post still has the same version.
    """

    content: str
    extra: dict[str, Any]
    version: int
