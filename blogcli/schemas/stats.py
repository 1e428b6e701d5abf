"""Counts of posts, users and tags."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The counts of posts, users and tags. Characters and words of trashed posts are not counted.

    A count is None if the request has filters that cannot be applied to this count.
    """

    users_active: int | None
    users_inactive: int | None
    posts_draft: int
    posts_scheduled: int
    posts_published: int
    posts_trashed: int
    tags: int | None
    characters_total: int
    characters_average: float
    words_total: int
    words_average: float
    this_month: int | None
    last_month: int | None


@dataclass(frozen=True, kw_only=True)
class PostCount:
    """The number of posts in a group, and the number of words in these posts.

    `group` identifies an author, a tag, a status or a period.
    """

    group: str
    posts: int
    words: int
