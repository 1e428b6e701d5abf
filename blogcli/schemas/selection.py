"""Which posts are meant: the one selection language of list, search, stats and every bulk verb."""

from datetime import datetime

from ..enums import PostSort, PostStatus, TextField
from .base import Schema, Text


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
