"""Figures about the blog, going out."""

from .base import Schema


class Overview(Schema):
    """The blog in one row; lengths and words are those of the posts outside the trash.

    Figures that the filters of a request do not apply to are None.
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


class PostCount(Schema):
    """How many posts, and words, fall to one author, tag, status or period."""

    group: str
    posts: int
    words: int
