"""The options by which commands select posts."""

from dataclasses import dataclass, field
from datetime import datetime

from ...enums import PostSort, PostStatus, TextField
from ...errors import InvalidError
from ...text.limits import require_storable


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
