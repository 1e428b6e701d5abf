"""How text is found: an analyzer and a query grammar that know no database, and an index for each that does."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .documents import Text
    from .index import Index

# Takes a purged post out of the index on SQLite, as a foreign key does on PostgreSQL.
SEARCH_TRIGGER = "posts_leave_search"
SEARCH_TRIGGER_SQL = (
    "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts BEGIN DELETE FROM post_search WHERE rowid = old.id; END"
)


def index_of(dialect: str) -> "Index":
    """The index of `sqlite` or `postgresql`; the other one is not imported."""
    return cast("Index", import_module(f".{dialect}", __name__))


def index_texts(session: "Session", texts: "Sequence[Text]", *, are_new: bool = False) -> None:
    """Let a search find the posts by these texts, and, unless they are new, no longer by what was theirs before."""
    index = index_of(session.get_bind().dialect.name)
    index.write(session, index.documents(texts), are_new=are_new)
