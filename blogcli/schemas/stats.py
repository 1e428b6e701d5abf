"""Figures about the blog, going out."""

from .base import Schema


class Overview(Schema):
    """The blog in one row; lengths and words are those of the posts outside the trash."""

    users_active: int
    users_inactive: int
    posts_draft: int
    posts_scheduled: int
    posts_published: int
    posts_trashed: int
    tags: int
    characters_total: int
    characters_average: float
    words_total: int
    words_average: float
    this_month: int
    last_month: int


class PostCount(Schema):
    """How many posts, and words, fall to one author, tag, status or period."""

    group: str
    posts: int
    words: int
