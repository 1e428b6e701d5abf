"""Full-text search. SQLite and PostgreSQL share the analyzer and the query grammar, but have separate index modules."""

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .documents import IndexedText
    from .index import Index, IndexCheck

# On SQLite, this trigger removes deleted posts from the search index. On PostgreSQL, a foreign key removes them.
SEARCH_TRIGGER = "posts_leave_search"
SEARCH_TRIGGER_SQL = (
    "CREATE TRIGGER posts_leave_search AFTER DELETE ON posts BEGIN DELETE FROM post_search WHERE rowid = old.id; "
    "DELETE FROM post_search_digests WHERE post_id = old.id; END"
)

# On PostgreSQL, this trigger removes the digest from a row of the index that another program changes.
DIGEST_TRIGGER = "post_search_forget_digest"
DIGEST_FUNCTION_BODY = "BEGIN NEW.digest = NULL; RETURN NEW; END"
DIGEST_FUNCTION_SQL = (
    "CREATE OR REPLACE FUNCTION post_search_forget_digest() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ {DIGEST_FUNCTION_BODY} $$"
)
DIGEST_TRIGGER_SQL = (
    "CREATE TRIGGER post_search_forget_digest BEFORE UPDATE OF post_id, part, document ON post_search "
    "FOR EACH ROW EXECUTE FUNCTION post_search_forget_digest()"
)


def get_index(dialect: str) -> "Index":
    """Import and return the index module for the dialect `sqlite` or `postgresql`. The other module is not imported."""
    return cast("Index", import_module(f".{dialect}", __name__))


def get_index_check(dialect: str) -> "IndexCheck":
    """Import and return the module that checks the index, for the dialect `sqlite` or `postgresql`."""
    return cast("IndexCheck", import_module(f".{dialect}_check", __name__))


def index_texts(session: "Session", texts: "Sequence[IndexedText]", *, are_new: bool = False) -> None:
    """Write the texts of posts to the search index.

    Existing rows of the posts in the index are replaced. If `are_new` is true, no such rows may exist.
    """
    index = get_index(session.get_bind().dialect.name)
    index.write(session, index.documents(texts), are_new=are_new)
