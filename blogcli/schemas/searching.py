"""The index of the search, going out."""

from .base import Schema


class Reindexed(Schema):
    """How many posts were compared with the index, and for how many it was put right."""

    posts: int
    rewritten: int
