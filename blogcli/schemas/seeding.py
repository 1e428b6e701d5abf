"""Sample content, going out."""

from .base import Schema


class Seeded(Schema):
    """How many of each were made; what was there already does not count."""

    users: int
    posts: int
    tags: int
