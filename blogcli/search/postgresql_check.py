"""Compare the search index on PostgreSQL with the posts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from .documents import ANALYZER_VERSION, MAX_ID


def row_digest(post: str, words: str, parts: str) -> str:
    """Return the SQL expression for the digest of the text of a post, which each of its rows in the index stores.

    The arguments are SQL: the name of the row of the post, and expressions for its number of words and its number of
    rows in the index. If another program changes a row of the index, a trigger removes the digest from the row.
    """
    # The server hashes texts itself, which takes a fraction of the time of a cryptographic hash.
    seed = f"{ANALYZER_VERSION} * 4294967296 + {words}"
    title_hash = f'hashtextextended({post}.title COLLATE "C", {seed})'
    return f'hashtextextended({post}.content COLLATE "C", {title_hash}) # CAST({parts} AS bigint)'


_PART_COUNT = "CASE s.part WHEN 0 THEN 1 ELSE (SELECT count(*) FROM post_search AS o WHERE o.post_id = s.post_id) END"
_UNVERIFIED = text(f"""
    SELECT DISTINCT p.id FROM posts AS p LEFT JOIN post_search AS s ON s.post_id = p.id
    WHERE p.id BETWEEN CAST(:first AS bigint) AND CAST(:last AS bigint)
        AND (s.digest IS NULL OR s.digest <> {row_digest("p", "p.words", _PART_COUNT)})
    ORDER BY p.id
""")  # noqa: S608 - the statement consists of constants
_ORPHANS = text("""
    SELECT DISTINCT post_id FROM post_search AS s WHERE NOT EXISTS (SELECT FROM posts AS p WHERE p.id = s.post_id)
    ORDER BY post_id
""")
_DIFFERING = text("""
    SELECT coalesce(expected.id, stored.post_id)
    FROM unnest(CAST(:ids AS int[]), CAST(:parts AS int[]), CAST(:documents AS text[])) AS expected (id, part, document)
    FULL JOIN (SELECT * FROM post_search WHERE post_id = ANY (CAST(:ids AS int[]))) AS stored
    ON stored.post_id = expected.id AND stored.part = expected.part
    WHERE stored.document IS DISTINCT FROM CAST(expected.document AS tsvector)
""")
_STORE_DIGESTS = text(f"""
    UPDATE post_search AS s SET digest = {row_digest("p", "n.words", _PART_COUNT)}
    FROM posts AS p JOIN unnest(CAST(:ids AS int[]), CAST(:words AS int[])) AS n (id, words) ON n.id = p.id
    WHERE p.id = s.post_id
""")  # noqa: S608 - the statement consists of constants


def is_broken(connection: Connection | Session, *, full: bool) -> bool:  # noqa: ARG001 - part of the interface `IndexCheck`
    """Return False, because the index is an ordinary table that PostgreSQL keeps consistent."""
    return False


def find_unverified(connection: Connection | Session, *, first: int = 1, last: int = MAX_ID) -> list[int]:
    """Return the ids of the posts whose text or number of words does not match the digests in the index.

    Only posts with the ids from `first` to `last` are checked. The ids of posts without a row or without a digest are
    included.
    """
    return list(connection.execute(_UNVERIFIED, {"first": first, "last": last}).scalars())


def find_orphans(connection: Connection | Session) -> list[int]:
    """Return the ids of the posts that have rows in the index and do not exist."""
    return list(connection.execute(_ORPHANS).scalars())


def remove(connection: Connection | Session, ids: Sequence[int]) -> None:
    """Remove the rows of posts from the index."""
    connection.execute(text("DELETE FROM post_search WHERE post_id = ANY (CAST(:ids AS int[]))"), {"ids": list(ids)})


def find_differing(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
    """Return the ids of the posts whose rows in the index differ from `documents`. Digests are not compared."""
    columns = split_columns(documents)
    del columns["words"]
    return sorted(set(connection.execute(_DIFFERING, columns).scalars()))


def store_digests(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> None:
    """Store the digests of posts whose rows in the index equal `documents`."""
    if documents:
        words = {document[0]: document[3] for document in documents}
        connection.execute(_STORE_DIGESTS, {"ids": list(words), "words": list(words.values())})


def split_columns(documents: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Return the columns of rows as parameters of a statement."""
    ids, parts, vectors, words = zip(*documents, strict=True)
    return {"ids": list(ids), "parts": list(parts), "documents": list(vectors), "words": list(words)}
