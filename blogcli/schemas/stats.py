"""Output with counts of posts, users and tags."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The counts of the whole blog; lengths and words do not include trashed posts.

    Counts to which the filters of a request do not apply are None.
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
    """The number of posts with one author, tag, status or period, and of the words in them."""

    group: str
    posts: int
    words: int
