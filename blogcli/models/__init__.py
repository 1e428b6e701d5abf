"""The SQLAlchemy classes of the tables. All classes are imported here, so that the metadata is complete."""

from .base import Base
from .imports import PostImport
from .posts import Post, post_tags
from .tags import Tag
from .users import User

__all__ = ["Base", "Post", "PostImport", "Tag", "User", "post_tags"]
