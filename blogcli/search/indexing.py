"""The index compared with the posts, and brought up to date, a batch at a time."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Integer, String, column, func, select, table
from sqlalchemy.orm import Session

from ..parallel import in_parallel
from . import index_of
from .documents import Text

_BATCH = 500
# Just what is indexed: migrations run before later columns exist.
_POSTS = table("posts", column("id", Integer), column("title", String), column("content", String))


def texts_after(connection: Connection | Session, last: int, *, lock: bool = False) -> list[Text]:
    """The next posts behind the one with that id; none behind the last.

    `lock` keeps others from rewriting these posts until the transaction ends.
    """
    statement = select(_POSTS).where(_POSTS.c.id > last).order_by(_POSTS.c.id).limit(_BATCH)
    if lock:
        statement = statement.with_for_update(read=True)
    return [(row.id, row.title, row.content) for row in connection.execute(statement)]


def index_all(connection: Connection, *, told: Callable[[int, int], None] | None = None) -> None:
    """Put every post into an index that is empty; `told` learns how many of how many are there."""
    index = index_of(connection.dialect.name)
    total, done = connection.scalar(select(func.count()).select_from(_POSTS)) or 0, 0
    if total:
        index.expect_many(connection)
    for documents in in_parallel(index.documents, _batches(connection)):
        index.write(connection, documents, are_new=True)
        done = min(done + _BATCH, total)
        if told:
            told(done, total)


def differing_ids(connection: Connection, *, on_text: Callable[[Text], None] | None = None) -> Iterator[int]:
    """The ids of the posts that a search may miss or find wrongly; `on_text` is given every post on the way."""
    index = index_of(connection.dialect.name)
    for documents in in_parallel(index.documents, _batches(connection, on_text)):
        yield from index.differing(connection, documents)


def _batches(connection: Connection, on_text: Callable[[Text], None] | None = None) -> Iterator[list[Text]]:
    last = 0
    while texts := texts_after(connection, last):
        if on_text:
            for each in texts:
                on_text(each)
        yield texts
        last = texts[-1][0]
