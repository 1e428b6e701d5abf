"""The index compared with the posts, and brought up to date, a batch at a time."""

from collections.abc import Iterator

from sqlalchemy import Connection, Integer, Text, column, select, table
from sqlalchemy.orm import Session

from . import index_of
from .documents import Document

_BATCH = 500
# Just what is indexed: migrations run before later columns exist.
_POSTS = table("posts", column("id", Integer), column("title", Text), column("content", Text))


def documents_after(connection: Connection | Session, last: int, *, lock: bool = False) -> list[Document]:
    """The documents, as they should be, of the next posts behind the one with that id; none behind the last.

    `lock` keeps others from rewriting these posts until the transaction ends.
    """
    statement = select(_POSTS).where(_POSTS.c.id > last).order_by(_POSTS.c.id).limit(_BATCH)
    if lock:
        statement = statement.with_for_update(read=True)
    return [Document.of(row.id, row.title, row.content) for row in connection.execute(statement)]


def index_all(connection: Connection) -> None:
    """Write the document of every post into an index that is empty."""
    index = index_of(connection.dialect.name)
    for documents in _batches(connection):
        index.put(connection, documents)


def differing_ids(connection: Connection) -> Iterator[int]:
    """The ids of the posts that a search may miss or find wrongly."""
    index = index_of(connection.dialect.name)
    for documents in _batches(connection):
        yield from index.differing(connection, documents)


def _batches(connection: Connection) -> Iterator[list[Document]]:
    last = 0
    while documents := documents_after(connection, last):
        yield documents
        last = documents[-1].id
