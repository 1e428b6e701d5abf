"""Write all posts to the search index, and compare the index with the posts. Posts are processed in batches."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection, Integer, String, column, func, select, table
from sqlalchemy.orm import Session

from ..parallel import map_ordered
from ..reporter import Reporter
from . import get_index
from .documents import IndexedText

_BATCH_SIZE = 500
# The table of posts with only the id and the indexed columns. The model cannot be used here, because a migration calls
# this module before all columns of the model exist.
_POSTS = table("posts", column("id", Integer), column("title", String), column("content", String))


def read_texts_after(connection: Connection | Session, last_id: int, *, lock: bool = False) -> list[IndexedText]:
    """Return the first batch of posts whose ids are greater than `last_id`, or an empty list if there are none.

    If `lock` is true, other transactions cannot change the returned posts until the current transaction ends.
    """
    statement = select(_POSTS).where(_POSTS.c.id > last_id).order_by(_POSTS.c.id).limit(_BATCH_SIZE)
    if lock:
        statement = statement.with_for_update(read=True)
    return [(row.id, row.title, row.content) for row in connection.execute(statement)]


def index_all(connection: Connection, *, on_progress: Reporter | None = None) -> None:
    """Write all posts to an empty search index.

    After each batch, `on_progress` receives the number of indexed posts and the number of all posts.
    """
    index = get_index(connection.dialect.name)
    total = connection.scalar(select(func.count()).select_from(_POSTS)) or 0
    indexed_count = 0
    if total:
        index.prepare_bulk_write(connection)
    for documents in map_ordered(index.documents, _read_batches(connection)):
        index.write(connection, documents, are_new=True)
        indexed_count = min(indexed_count + _BATCH_SIZE, total)
        if on_progress:
            on_progress(indexed_count, total)


def recreate_index(connection: Connection, *, on_progress: Reporter | None = None) -> None:
    """Replace the search index with a new index of all posts."""
    get_index(connection.dialect.name).recreate(connection)
    index_all(connection, on_progress=on_progress)


def index_posts(session: Session, ids: Sequence[int]) -> None:
    """Replace the rows of some posts in the search index. Ids of posts that do not exist are ignored."""
    index = get_index(session.get_bind().dialect.name)
    batches = (ids[start : start + _BATCH_SIZE] for start in range(0, len(ids), _BATCH_SIZE))
    if len(ids) > _BATCH_SIZE:
        index.prepare_bulk_write(session)
    for documents in map_ordered(index.documents, (_read_texts(session, batch) for batch in batches)):
        index.write(session, documents)


def find_differing_ids(
    connection: Connection, *, on_text: Callable[[IndexedText], None] | None = None
) -> Iterator[int]:
    """Yield the ids of the posts whose rows in the search index are missing or wrong.

    `on_text` is called with the id, title and content of each post.
    """
    index = get_index(connection.dialect.name)
    for documents in map_ordered(index.documents, _read_batches(connection, on_text)):
        yield from index.find_differing(connection, documents)


def _read_texts(session: Session, ids: Sequence[int]) -> list[IndexedText]:
    statement = select(_POSTS).where(_POSTS.c.id.in_(ids)).order_by(_POSTS.c.id)
    return [(row.id, row.title, row.content) for row in session.execute(statement)]


def _read_batches(
    connection: Connection, on_text: Callable[[IndexedText], None] | None = None
) -> Iterator[list[IndexedText]]:
    last_id = 0
    while texts := read_texts_after(connection, last_id):
        if on_text:
            for text in texts:
                on_text(text)
        yield texts
        last_id = texts[-1][0]
