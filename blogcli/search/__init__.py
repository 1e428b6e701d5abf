"""Full-text search, with an analyzer and a query grammar for all databases, and an index module for each database."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .documents import IndexedText
    from .index import Index

# On SQLite, this trigger removes a deleted post from the index, as a foreign key does on PostgreSQL.
SEARCH_TRIGGER = "posts_leave_search"
SEARCH_TRIGGER_SQL = (
    "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts BEGIN DELETE FROM post_search WHERE rowid = old.id; END"
)


def get_index(dialect: str) -> "Index":
    """Return the index module for `sqlite` or `postgresql`, without importing the other module."""
    return cast("Index", import_module(f".{dialect}", __name__))


def index_texts(session: "Session", texts: "Sequence[IndexedText]", *, are_new: bool = False) -> None:
    """Index the texts of posts, and replace their previous index entries unless the posts are new."""
    index = get_index(session.get_bind().dialect.name)
    index.write(session, index.documents(texts), are_new=are_new)
