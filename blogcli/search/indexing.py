"""Write all posts to the search index, and compare the index with the posts. Posts are processed in batches."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from sqlalchemy import Connection, Integer, String, column, func, select, table
from sqlalchemy.orm import Session

from ..parallel import map_ordered
from ..reporter import Reporter
from . import get_index, get_index_check
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
    """Write all posts to an empty search index that does not store digests yet.

    After each batch, `on_progress` receives the number of indexed posts and the number of all posts.
    """
    _write_all(connection, get_index(connection.dialect.name).write_without_digests, on_progress)


def recreate_index(connection: Connection, *, on_progress: Reporter | None = None) -> None:
    """Replace the search index with a new index of all posts, and store their digests.

    After each batch, `on_progress` receives the number of indexed posts and the number of all posts.
    """
    index = get_index(connection.dialect.name)
    index.recreate(connection)
    with index.suspended_indexes(connection):
        _write_all(connection, partial(index.write, are_new=True), on_progress)


def _write_all(connection: Connection, write: Callable[..., None], on_progress: Reporter | None) -> None:
    index = get_index(connection.dialect.name)
    progress = _Progress(connection, on_progress)
    if progress.total:
        index.prepare_bulk_write(connection)
    for documents in map_ordered(index.documents, read_batches(connection)):
        write(connection, documents)
        progress.report_batch()


def store_all_digests(connection: Connection, *, on_progress: Reporter | None = None) -> None:
    """Store the digests of all posts whose rows in the search index are correct.

    After each batch, `on_progress` receives the number of compared posts and the number of all posts.
    """
    index = get_index(connection.dialect.name)
    check = get_index_check(connection.dialect.name)
    progress = _Progress(connection, on_progress)
    for documents in map_ordered(index.documents, read_batches(connection)):
        differing = set(check.find_differing(connection, documents))
        check.store_digests(connection, [document for document in documents if document[0] not in differing])
        progress.report_batch()


class _Progress:
    """Counts batches of posts, and reports the number of posts in them."""

    def __init__(self, connection: Connection, on_progress: Reporter | None) -> None:
        self.total = connection.scalar(select(func.count()).select_from(_POSTS)) or 0
        self._count = 0
        self._on_progress = on_progress

    def report_batch(self) -> None:
        """Report the end of a batch."""
        self._count = min(self._count + _BATCH_SIZE, self.total)
        if self._on_progress:
            self._on_progress(self._count, self.total)


def index_posts(session: Session, ids: Sequence[int]) -> None:
    """Replace the rows of some posts in the search index. Ids of posts that do not exist are ignored."""
    index = get_index(session.get_bind().dialect.name)
    if len(ids) > _BATCH_SIZE:
        index.prepare_bulk_write(session)
    for documents in map_ordered(index.documents, _read_some(session, ids)):
        index.write(session, documents)


def find_differing_ids(
    connection: Connection,
    ids: Sequence[int] | None = None,
    *,
    on_texts: Callable[[list[IndexedText]], None] | None = None,
) -> Iterator[int]:
    """Yield the ids of the posts whose rows in the search index are missing or wrong.

    Only the posts with these ids are analyzed, or all posts if `ids` is None. `on_texts` is called with each batch of
    them.
    """
    index = get_index(connection.dialect.name)
    check = get_index_check(connection.dialect.name)
    for documents in map_ordered(index.documents, read_batches(connection, ids, on_texts)):
        yield from check.find_differing(connection, documents)


def _read_texts(connection: Connection | Session, ids: Sequence[int]) -> list[IndexedText]:
    statement = select(_POSTS).where(_POSTS.c.id.in_(ids)).order_by(_POSTS.c.id)
    return [(row.id, row.title, row.content) for row in connection.execute(statement)]


def read_batches(
    connection: Connection,
    ids: Sequence[int] | None = None,
    on_texts: Callable[[list[IndexedText]], None] | None = None,
) -> Iterator[list[IndexedText]]:
    """Yield the posts with these ids, or all posts if `ids` is None, in batches in the order of their ids.

    `on_texts` is called with each batch before it is yielded.
    """
    for texts in _read_all(connection) if ids is None else _read_some(connection, ids):
        if on_texts:
            on_texts(texts)
        yield texts


def _read_all(connection: Connection) -> Iterator[list[IndexedText]]:
    last_id = 0
    while texts := read_texts_after(connection, last_id):
        yield texts
        last_id = texts[-1][0]


def _read_some(connection: Connection | Session, ids: Sequence[int]) -> Iterator[list[IndexedText]]:
    for start in range(0, len(ids), _BATCH_SIZE):
        if texts := _read_texts(connection, ids[start : start + _BATCH_SIZE]):
            yield texts
