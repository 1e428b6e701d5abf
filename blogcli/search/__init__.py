"""Full-text search. All databases use the same analyzer and query grammar, but each has a separate index module."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .documents import IndexedText
    from .index import Index

# The trigger that removes a deleted post from the search index on SQLite. On PostgreSQL, a foreign key does this.
SEARCH_TRIGGER = "posts_leave_search"
SEARCH_TRIGGER_SQL = (
    "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts BEGIN DELETE FROM post_search WHERE rowid = old.id; END"
)


def get_index(dialect: str) -> "Index":
    """Return the index module for the dialect `sqlite` or `postgresql`. Only this index module is imported."""
    return cast("Index", import_module(f".{dialect}", __name__))


def index_texts(session: "Session", texts: "Sequence[IndexedText]", *, are_new: bool = False) -> None:
    """Write the texts of posts to the search index.

    The previous rows of the posts in the index are replaced. With `are_new`, the index must not contain such rows.
    """
    index = get_index(session.get_bind().dialect.name)
    index.write(session, index.documents(texts), are_new=are_new)
