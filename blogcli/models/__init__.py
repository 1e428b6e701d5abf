"""The SQLAlchemy models of the tables. All models are imported here, so that the metadata contains all tables."""

from .base import Base
from .imports import PostImport
from .journal import JournalChange, JournalOperation
from .posts import Post, post_tags
from .tags import Tag
from .users import User

__all__ = ["Base", "JournalChange", "JournalOperation", "Post", "PostImport", "Tag", "User", "post_tags"]
