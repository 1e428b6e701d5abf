"""Posts, coming in and going out."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from ..enums import PostSort, PostStatus, TextField
from ..text.limits import MAX_TITLE
from ..text.slugs import slug_problem
from .base import FilledText, Schema, Text
from .tags import TagName


def _valid_slug(slug: str) -> str:
    problem = slug_problem(slug)
    if problem:
        raise ValueError(f"{slug!r} is not a valid slug: {problem}")
    return slug


Title = Annotated[FilledText, Field(max_length=MAX_TITLE)]
Slug = Annotated[Text, AfterValidator(_valid_slug)]


class PostCreate(Schema):
    """A post to be added; without a slug it gets one made from the title.

    `author` is a name or an address as a document has it. A `key` is a name that its creator gives the post, so that
    it is not created twice.
    """

    title: Title
    content: Text = ""
    slug: Slug | None = None
    excerpt: Text | None = None
    status: PostStatus = PostStatus.DRAFT
    published_at: datetime | None = None
    tags: list[TagName] = []
    author: str | None = None
    extra: dict[str, Any] = {}
    key: Text | None = None


class PostUpdate(Schema):
    """What is to change in a post; what is not set stays.

    `author` is a name or an address as a document has it, `extra` holds the fields to set and `extra_removed` the
    names of those to remove.
    """

    title: Title = ""
    slug: Slug = ""
    content: Text = ""
    excerpt: Text | None = None
    status: PostStatus | None = None
    published_at: datetime | None = None
    author: str | None = None
    extra: dict[str, Any] = {}
    extra_removed: list[str] = []


class TagChanges(Schema):
    """How the tags of a post are to change; `set` replaces them before the others apply."""

    set: list[TagName] | None = None
    add: list[TagName] = []
    remove: list[str] = []


class PostSummary(Schema):
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


class PostHit(PostSummary):
    """A post as found: how well it fits, if that was asked, and the text around the first hit."""

    score: float | None
    snippet: str


class PostDetail(PostSummary):
    """A post as shown: with its text, what it carried besides, and the version an edit starts from."""

    content: str
    extra: dict[str, Any]
    version: int


class PostSelection(Schema):
    """`references` name posts one by one; the filters describe them and combine with AND. A limit of 0 means all.

    `default_statuses` apply where `statuses` is empty; they do not count as a filter.
    """

    references: list[str] | None = None
    ids: list[int] | None = None
    tags: list[Text] = []
    all_tags: bool = False
    not_tags: list[Text] = []
    untagged: bool = False
    authors: list[Text] = []
    statuses: list[PostStatus] = []
    default_statuses: list[PostStatus] = []
    since: datetime | None = None
    until: datetime | None = None
    contains: list[Text] = []
    fields: list[TextField] = [TextField.TITLE, TextField.CONTENT]
    sort: PostSort = PostSort.DATE
    descending: bool = True
    limit: int = 0
    offset: int = 0
    after: str | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether any filter narrows the choice of posts."""
        filters = {"ids", "tags", "not_tags", "untagged", "authors", "statuses", "since", "until", "contains"}
        return any(getattr(self, name) not in (None, [], False) for name in filters)


class Terms(Schema):
    """The conditions under which the selected posts are changed.

    Where `confirmed` is set, somebody agreed to change these posts, and a change of any other is a conflict.
    """

    dry_run: bool = False
    ignore_missing: bool = False
    max_affected: int | None = None
    confirmed: frozenset[int] | None = None
