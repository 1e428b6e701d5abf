"""What is taken out of the blog, going out."""

from .base import Schema


class ExportedPart(Schema):
    """A part of a file, and how many of each stand in it."""

    text: str
    users: int = 0
    tags: int = 0
    posts: int = 0
