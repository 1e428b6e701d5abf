"""Posts as services return them, and the selection of posts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ..enums import PostSort, PostStatus, TextField
from ..errors import InvalidError
from ..text.limits import require_storable


@dataclass(frozen=True, kw_only=True)
class PostSummary:
    """A post as listed: everything but its text."""

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
    """A post as found: how well it fits, if that was asked, and the text around the first hit."""

    score: float | None
    snippet: str


@dataclass(frozen=True, kw_only=True)
class PostDetail(PostSummary):
    """A post as shown: with its text, what it carried besides, and the version an edit starts from."""

    content: str
    extra: dict[str, Any]
    version: int


@dataclass(frozen=True, kw_only=True)
class PostSelection:
    """`references` name posts one by one; the filters describe them and combine with AND. A limit of 0 means all.

    `default_statuses` apply where `statuses` is empty; they do not count as a filter.
    """

    references: list[str] | None = None
    ids: list[int] | None = None
    tags: list[str] = field(default_factory=list)
    all_tags: bool = False
    not_tags: list[str] = field(default_factory=list)
    untagged: bool = False
    authors: list[str] = field(default_factory=list)
    statuses: list[PostStatus] = field(default_factory=list)
    default_statuses: list[PostStatus] = field(default_factory=list)
    since: datetime | None = None
    until: datetime | None = None
    contains: list[str] = field(default_factory=list)
    fields: list[TextField] = field(default_factory=lambda: [TextField.TITLE, TextField.CONTENT])
    sort: PostSort = PostSort.DATE
    descending: bool = True
    limit: int = 0
    offset: int = 0
    after: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidError if a text cannot be passed to the database."""
        for name in ("tags", "not_tags", "authors", "contains"):
            try:
                for text in getattr(self, name):
                    require_storable(text)
            except ValueError as error:
                raise InvalidError(f"{name.replace('_', ' ').capitalize()}: {error}") from None

    @property
    def is_filtered(self) -> bool:
        """Whether any filter narrows the choice of posts."""
        filters = {"ids", "tags", "not_tags", "untagged", "authors", "statuses", "since", "until", "contains"}
        return any(getattr(self, name) not in (None, [], False) for name in filters)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The conditions under which the selected posts are changed.

    Where `confirmed` is set, somebody agreed to change these posts, and a change of any other is a conflict.
    """

    dry_run: bool = False
    ignore_missing: bool = False
    max_affected: int | None = None
    confirmed: frozenset[int] | None = None
