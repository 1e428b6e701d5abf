"""How text is found: an analyzer and a query grammar that know no database, and an index for each that does."""

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .index import Index

# Takes a purged post out of the index on SQLite, as a foreign key does on PostgreSQL.
SEARCH_TRIGGER = "posts_leave_search"


def index_of(dialect: str) -> "Index":
    """The index of `sqlite` or `postgresql`; the other one is not imported."""
    return cast("Index", import_module(f".{dialect}", __name__))
