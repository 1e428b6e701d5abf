"""The SQLAlchemy models of the tables of the blog.

The tables of the journal are in the module `journal`, which most commands need not import. The metadata in the module
`indexes` contains all tables and indexes.
"""

from .base import Base
from .blog import Blog
from .imports import PostImport
from .posts import Post, post_tags
from .tags import Tag
from .users import User

__all__ = ["Base", "Blog", "Post", "PostImport", "Tag", "User", "post_tags"]
