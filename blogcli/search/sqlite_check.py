"""Compare the search index on SQLite with the posts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Integer, String, column, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from .documents import MAX_ID, digest_fts5_row

_INDEX = table("post_search", column("rowid", Integer), column("title", String), column("content", String))
_STORE_DIGEST = text("INSERT OR REPLACE INTO post_search_digests (post_id, digest) VALUES (:id, :digest)")
# The rows of the index are read from the table in which FTS5 stores them. Texts are passed as bytes, because the driver
# takes twice as long for strings and cannot decode invalid UTF-8. A value that is not text has no digest.
_UNVERIFIED = text("""
    SELECT p.id FROM posts AS p
    LEFT JOIN post_search_content AS s ON s.id = p.id
    LEFT JOIN post_search_digests AS d ON d.post_id = p.id
    WHERE p.id BETWEEN :first AND :last AND (d.digest IS NULL OR d.digest IS NOT blogcli_digest(
        p.words,
        CASE typeof(p.title) WHEN 'text' THEN CAST(p.title AS BLOB) END,
        CASE typeof(p.content) WHEN 'text' THEN CAST(p.content AS BLOB) END,
        CAST(s.c0 AS BLOB), CAST(s.c1 AS BLOB)
    ))
""")
# The table with the sizes of rows has an entry for each row of the index, and is small.
_ORPHANS = text("""
    SELECT id FROM post_search_docsize WHERE id NOT IN (SELECT id FROM posts)
    UNION SELECT post_id FROM post_search_digests WHERE post_id NOT IN (SELECT id FROM posts)
""")
# Reads all terms of the index, and sums the numbers of their occurrences.
_VOCABULARY = "CREATE VIRTUAL TABLE temp.blogcli_vocabulary USING fts5vocab (main, post_search, row)"
_OCCURRENCES = text("SELECT coalesce(sum(cnt), 0) FROM temp.blogcli_vocabulary")
# FTS5 stores the number of rows and the numbers of tokens in each column in the first record of its data.
_TOTALS = text("SELECT block FROM post_search_data WHERE id = 1")
_ROW_COUNTS = text("SELECT (SELECT count(*) FROM post_search_content), (SELECT count(*) FROM post_search_docsize)")


def is_broken(connection: Connection | Session, *, full: bool) -> bool:
    """Return whether the index is inconsistent.

    If `full` is true, FTS5 compares the terms with the rows, which needs a write lock. Otherwise, the function reads
    all terms, and compares the numbers of rows and tokens with the totals that FTS5 stores.
    """
    try:
        if not full:
            return not _has_correct_totals(connection)
        connection.execute(text("INSERT INTO post_search (post_search) VALUES ('integrity-check')"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY")):
            raise
        return True
    return False


def _has_correct_totals(connection: Connection | Session) -> bool:
    driver = connection.connection() if isinstance(connection, Session) else connection
    row_count, *token_counts = _decode_numbers(connection.scalar(_TOTALS) or b"\0\0\0")
    content_count, size_count = connection.execute(_ROW_COUNTS).one()
    driver.exec_driver_sql(_VOCABULARY)
    try:
        occurrences = connection.scalar(_OCCURRENCES)
    finally:
        driver.exec_driver_sql("DROP TABLE temp.blogcli_vocabulary")
    return bool(row_count == content_count == size_count and occurrences == sum(token_counts))


def _decode_numbers(data: bytes) -> list[int]:
    """Decode a sequence of variable-length integers, as described in the file format of SQLite."""
    numbers: list[int] = []
    number = length = 0
    for byte in data:
        length += 1
        is_last = length == 9 or byte < 0x80
        # Seven bits of each byte belong to the number, and all bits of the ninth byte.
        number = (number << 8 | byte) if length == 9 else (number << 7 | byte & 0x7F)
        if is_last:
            numbers.append(number)
            number = length = 0
    return numbers


def find_unverified(connection: Connection | Session, *, first: int = 1, last: int = MAX_ID) -> list[int]:
    """Return the ids of the posts whose text, number of words or rows in the index do not match the digest.

    Only posts with the ids from `first` to `last` are checked. The ids of posts without a row or without a digest are
    included.
    """
    driver = connection.connection() if isinstance(connection, Session) else connection

    async def add_function(connection: Any) -> None:  # noqa: ANN401 - the driver is imported only by `database`
        await connection.create_function("blogcli_digest", 5, _digest, deterministic=True)

    driver.connection.run_async(add_function)
    return list(connection.execute(_UNVERIFIED, {"first": first, "last": last}).scalars())


def _digest(
    words: object, title: bytes | None, content: bytes | None, title_row: bytes | None, content_row: bytes | None
) -> bytes | None:
    if title is None or content is None or title_row is None or content_row is None:
        return None
    return digest_fts5_row(words, title, content, title_row, content_row)


def find_orphans(connection: Connection | Session) -> list[int]:
    """Return the ids of the posts that have rows in the index and do not exist."""
    return list(connection.execute(_ORPHANS).scalars())


def remove(connection: Connection | Session, ids: Sequence[int]) -> None:
    """Remove the rows of posts from the index."""
    for id_ in ids:
        connection.execute(text("DELETE FROM post_search WHERE rowid = :id"), {"id": id_})
        connection.execute(text("DELETE FROM post_search_digests WHERE post_id = :id"), {"id": id_})


def find_differing(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
    """Return the ids of the posts whose rows in the index differ from `documents`. Digests are not compared."""
    rows = connection.execute(select(_INDEX).where(_INDEX.c.rowid.in_([document[0] for document in documents])))
    stored_rows = {tuple(row) for row in rows}
    return [document[0] for document in documents if document[:3] not in stored_rows]


def store_digests(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> None:
    """Store the digests of posts whose rows in the index equal `documents`."""
    if documents:
        connection.execute(_STORE_DIGEST, [{"id": document[0], "digest": document[3]} for document in documents])
