"""What is stored: the SQLAlchemy classes, one module per table, all imported here so that the metadata is whole."""

from .base import Base
from .imports import PostImport
from .posts import Post, post_tags
from .tags import Tag
from .users import User

__all__ = ["Base", "Post", "PostImport", "Tag", "User", "post_tags"]
