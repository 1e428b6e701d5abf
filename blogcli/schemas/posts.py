"""The post records that services return, and the options by which commands select posts and limit changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from ..enums import PostSort, PostStatus, TextField
from ..errors import InvalidError
from ..text.limits import MAX_EXPRESSION_SECONDS, require_storable
from .base import Changes


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


@dataclass(frozen=True, kw_only=True)
class PostVersion:
    """A version of a post, and the operation of the journal that created it.

    The fields of the operation are None in the oldest version if the journal does not contain its operation. `changed`
    contains the names of the fields that differ from the version before, or `created`, `purged` or `unrecorded`.
    `same_as` is the operation of an earlier version with the same content. `replaced_at` is the time of the next
    version.
    """

    operation: int | None
    kind: str | None
    command: str | None
    actor: str | None
    program: str | None
    ended_at: datetime | None
    replaced_at: datetime | None
    changed: list[str]
    words: int | None
    words_change: int | None
    same_as: int | None


@dataclass(frozen=True, kw_only=True)
class PostComparison:
    """Two versions of a post with phrases that name them. A version is None if the post did not exist."""

    post_id: int
    old: PostDetail | None
    new: PostDetail | None
    old_name: str
    new_name: str


@dataclass(frozen=True, kw_only=True)
class TextReplacement:
    """The text to replace in the given fields of posts, the new text, and how the text is found.

    The values have the same meaning as in `ReplacementRule`. `preview_posts` is the number of changed posts of which
    the first changed lines are returned.
    """

    old: str
    new: str
    fields: list[TextField] = field(default_factory=lambda: list(TextField))
    is_regex: bool = False
    ignore_case: bool = False
    whole_word: bool = False
    skip_code: bool = False
    max_seconds: float = MAX_EXPRESSION_SECONDS
    preview_posts: int = 0


@dataclass(frozen=True, kw_only=True)
class PostReplacement:
    """A post in which text was replaced, with the number of replacements in total and in each field."""

    id: int
    slug: str
    title: str
    replacements: int
    in_title: int
    in_content: int
    in_excerpt: int


class ChangedLine(NamedTuple):
    """A line of a text in which text was replaced: the field, the number of the line, and its parts.

    The first element of a part is `-` for old text, `+` for new text, and an empty string for unchanged text.
    """

    field: TextField
    number: int
    parts: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ReplacementPreview:
    """The first changed lines of a post, and the number of replacements that are not in these lines."""

    id: int
    slug: str
    lines: list[ChangedLine]
    omitted: int


@dataclass(frozen=True, kw_only=True)
class Replacements(Changes[PostReplacement]):
    """The posts in which text was replaced, the number of all replacements, and previews of the first posts."""

    total: int = 0
    previews: list[ReplacementPreview] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PostSelection:
    """The selection of the posts that a command uses.

    The selection contains the posts that `references` name. If `references` is None, the selection contains the posts
    that match all filters.

    The filter `due_by` matches the posts that `post publish-due` changes at that time. If `statuses` is empty,
    `default_statuses` applies, but does not count as a filter. A `limit` of 0 means no limit.
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
    due_by: datetime | None = None
    contains: list[str] = field(default_factory=list)
    fields: list[TextField] = field(default_factory=lambda: [TextField.TITLE, TextField.CONTENT])
    sort: PostSort = PostSort.DATE
    descending: bool = True
    limit: int = 0
    offset: int = 0
    after: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidError if a text contains a character that the database cannot store."""
        for name in ("tags", "not_tags", "authors", "contains"):
            try:
                for text in getattr(self, name):
                    require_storable(text)
            except ValueError as error:
                raise InvalidError(f"{name.replace('_', ' ').capitalize()}: {error}") from None

    @property
    def is_filtered(self) -> bool:
        """Whether any filter restricts the selection."""
        filters = {"ids", "tags", "not_tags", "untagged", "authors", "statuses", "since", "until", "due_by", "contains"}
        return any(getattr(self, name) not in (None, [], False) for name in filters)


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """A change of one post that a command has planned but not made.

    `version` and `updated_at` are the values that the post had when the change was planned. `change` contains the new
    values by field name, or is None if the post is to be deleted permanently.
    """

    id: int
    uuid: UUID
    slug: str
    version: int
    updated_at: datetime
    change: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class BulkOptions:
    """The conditions under which the selected posts are changed.

    `max_affected` is the maximum number of posts that may change. If `confirmed` is not None, it contains the ids of
    the posts that the user has agreed to change, and changing any other post is a conflict. At most `max_records` of
    the changed posts are returned as records, so that memory does not grow with the number of posts. If `max_records`
    is None, all changed posts are returned. `on_planned` is called for each change before it is written, so a dry run
    can collect the changes.
    """

    dry_run: bool = False
    ignore_missing: bool = False
    max_affected: int | None = None
    confirmed: frozenset[int] | None = None
    max_records: int | None = None
    on_planned: Callable[[PlannedChange], None] | None = None
