"""Create a database with a reproducible blog of any size.

    python benchmarks/corpus.py DATABASE_URL [--posts 100000] [--seed 1]

The command `blogcli db upgrade` creates the tables, and this script inserts the rows with the database driver.
"""

import argparse
import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg
from texts import AUTHORS, TAGS, Blog, Post

from blogcli.search.documents import make_fts5_rows, make_ts_rows
from blogcli.search.postgresql_check import row_digest
from blogcli.text.word_count import count_words

_BATCH = 5_000
_COLUMNS = (
    *("id", "uuid", "title", "slug", "content", "excerpt", "status", "published_at", "trashed_at", "author_id"),
    *("extra", "words", "version", "created_at", "updated_at"),
)
_OPENED = datetime(2006, 1, 1, tzinfo=UTC)
Batch = tuple[list[tuple[Any, ...]], list[tuple[int, int]], list[tuple[Any, ...]]]


def create_database(url: str, blog: Blog) -> None:
    """Create a database and write a blog to it."""
    blogcli = Path(sys.executable).with_name("blogcli")
    subprocess.run([blogcli, "--quiet", "--database-url", url, "db", "upgrade"], check=True, stdout=subprocess.DEVNULL)
    if is_postgresql(url):
        asyncio.run(_fill_postgresql(url, blog))
    else:
        _fill_sqlite(url, blog)


def is_postgresql(url: str) -> bool:
    """Return whether a URL is the URL of a PostgreSQL database."""
    return url.startswith("postgres")


def make_index_rows(post: Post, *, postgresql: bool) -> Sequence[tuple[Any, ...]]:
    """Return the rows of a post in the search index.

    On SQLite, a row contains the id, the title, the content and the digest. On PostgreSQL, a row contains the id, the
    number of the part and the tsvector.
    """
    texts = [(post.id, post.title, post.content)]
    return make_ts_rows(texts) if postgresql else make_fts5_rows(texts)


def _make_batches(blog: Blog, *, postgresql: bool) -> Iterator[Batch]:
    """Yield the rows of all posts in batches. Worker processes create up to four batches in advance."""
    with ProcessPoolExecutor(2) as pool:
        starts = iter(range(1, blog.posts + 1, _BATCH))
        pending = [pool.submit(_make_batch, blog, start, postgresql=postgresql) for start in islice(starts, 4)]
        while pending:
            yield pending.pop(0).result()
            pending += [pool.submit(_make_batch, blog, start, postgresql=postgresql) for start in islice(starts, 1)]


def _make_batch(blog: Blog, start: int, *, postgresql: bool) -> Batch:
    posts = [blog.post(number) for number in range(start, min(start + _BATCH, blog.posts + 1))]
    rows = [_make_row(post, postgresql=postgresql) for post in posts]
    links = [(post.id, tag_id) for post in posts for tag_id in post.tag_ids]
    return rows, links, [row for post in posts for row in make_index_rows(post, postgresql=postgresql)]


def _make_row(post: Post, *, postgresql: bool) -> tuple[Any, ...]:
    def format_instant(instant: datetime | None) -> object:
        return instant if postgresql or instant is None else instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    return (
        *(post.id, post.uuid if postgresql else post.uuid.hex, post.title, post.slug, post.content, None, post.status),
        *(format_instant(post.published_at), format_instant(post.trashed_at), post.author_id),
        *("{}", count_words(post.content), 1, format_instant(post.written_at), format_instant(post.written_at)),
    )


def _make_users(*, postgresql: bool) -> Iterator[tuple[Any, ...]]:
    joined = _OPENED if postgresql else _OPENED.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    for number in range(1, AUTHORS + 1):
        yield number, f"author-{number}@example.org", "!", f"Author {number}", True, joined, joined


def _make_tags() -> Iterator[tuple[int, str, str]]:
    return ((number, f"tag-{number}", f"tag-{number}") for number in range(1, TAGS + 1))


def _fill_sqlite(path: str, blog: Blog) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
    _insert(connection, "users", list(_make_users(postgresql=False)))
    _insert(connection, "tags", list(_make_tags()))
    for rows, links, documents in _make_batches(blog, postgresql=False):
        _insert(connection, f"posts ({', '.join(_COLUMNS)})", rows)
        _insert(connection, "post_tags", links)
        _insert(connection, "post_search (rowid, title, content)", [row[:3] for row in documents])
        _insert(connection, "post_search_digests (post_id, digest)", [(row[0], row[3]) for row in documents])
        connection.commit()
    connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    placeholders = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO {table} VALUES ({placeholders})", rows)


async def _fill_postgresql(url: str, blog: Blog) -> None:
    connection = await asyncpg.connect(url)
    # All generated references are valid, so the checks of foreign keys are disabled by the role `replica`. The index is
    # dropped and created at the end, because creating the index is faster than updating it for each row.
    await connection.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")
    await connection.execute("DROP INDEX ix_post_search_document")
    await connection.execute("CREATE TEMPORARY TABLE texts (post_id int, part int, document text)")
    await connection.copy_records_to_table("users", records=_make_users(postgresql=True))
    await connection.copy_records_to_table("tags", records=_make_tags())
    for rows, links, documents in _make_batches(blog, postgresql=True):
        await connection.copy_records_to_table("posts", records=rows, columns=_COLUMNS)
        await connection.copy_records_to_table("post_tags", records=links)
        await connection.copy_records_to_table("texts", records=[row[:3] for row in documents])
        # COPY in binary format does not parse tsvectors from text, so the text is copied to a temporary table and
        # converted by the server.
        await connection.execute(
            "INSERT INTO post_search (post_id, part, document, digest) "
            f"SELECT post_id, part, document::tsvector, {row_digest('p', 'p.words', '1')} FROM texts "
            "JOIN posts AS p ON p.id = post_id; TRUNCATE texts"
        )
    await connection.execute("CREATE INDEX ix_post_search_document ON post_search USING gin (document)")
    for table in ("users", "tags", "posts"):
        await connection.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    # The query planner needs statistics of the tables. On a real server, autovacuum collects these statistics.
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def main() -> None:
    """Create the database whose URL is given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", metavar="DATABASE_URL")
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    create_database(options.url, Blog(options.posts, options.seed))


if __name__ == "__main__":
    main()
