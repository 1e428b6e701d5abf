"""Measure how much time the search index takes when posts are created, and how long building the index takes.

    python benchmarks/indexing.py [--sizes 100000] [--engines sqlite,postgresql] [--json]

The baseline for creating a post is the creation of a post without updating the index. Building the index is measured
only on SQLite. The baseline is the time in which FTS5 indexes tokens that were created in advance.
"""

import asyncio
import sqlite3
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from blogs import BlogDatabase, parse_options, prepare_databases
from measure import Row, compare, show
from sqlalchemy import create_engine

from blogcli.database import SessionFactory, open_database
from blogcli.repositories.posts import repository
from blogcli.schemas.inputs.posts import PostCreate
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.selection import PostSelection
from blogcli.search.documents import make_fts5_rows
from blogcli.search.indexing import index_all
from blogcli.services.posts.create import create_post
from blogcli.services.posts.trash import purge_posts
from blogcli.settings import Overrides, load_settings

_TEXT = "Words of a post that somebody writes, [linked](https://example.org/) and `quoted`, " * 30
_BATCH = 1_000


async def measure_creation(database: BlogDatabase, rounds: int) -> Row:
    """Measure the creation of posts in separate transactions, with and without updating the index.

    The created posts are removed at the end.
    """
    ids: list[str] = []

    async def create(sessions: SessionFactory) -> None:
        new = PostCreate(title=f"Measured {len(ids)}", content=_TEXT, tags=["tag-1", "tag-2"])
        ids.append(str((await create_post(sessions, new, author="author-1@example.org")).changed[0].id))

    async def create_unindexed(sessions: SessionFactory) -> None:
        with patch.object(repository, "index_texts", lambda *_, **__: None):
            await create(sessions)

    async with open_database(load_settings(Overrides(database_url=database.url), {})) as sessions:
        row = await compare(
            "creating a post",
            database,
            partial(create, sessions),
            partial(create_unindexed, sessions),
            target=1.3,
            rounds=4 * rounds,
        )
        await purge_posts(sessions, PostSelection(references=ids), options=BulkOptions())
    return row


def measure_building(database: BlogDatabase, rounds: int) -> Row:
    """Measure how long building the search index of all posts takes."""
    source = sqlite3.connect(database.url)
    posts = source.execute("SELECT id, title, content FROM posts ORDER BY id").fetchall()
    tables = [row[0] for row in source.execute("SELECT sql FROM sqlite_schema WHERE name IN ('posts', 'post_search')")]
    pairs = [(_time_blogcli(posts, tables), _time_fts5(posts, tables)) for _ in range(max(3, rounds // 5))]
    blogcli, baseline = (median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = median(pair[0] / pair[1] for pair in pairs)
    return Row(
        "building the index", database.engine, database.posts, blogcli * 1_000, baseline * 1_000, ratio, None, 1.5
    )


def _time_blogcli(posts: list[tuple[int, str, str]], tables: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "blog.db")
        _create_tables(path, tables, posts).close()
        start = time.perf_counter()
        with create_engine(f"sqlite:///{path}").begin() as connection:
            index_all(connection)
        return time.perf_counter() - start


def _time_fts5(posts: list[tuple[int, str, str]], tables: list[str]) -> float:
    documents = [row[:3] for row in make_fts5_rows(posts)]
    with tempfile.TemporaryDirectory() as folder:
        connection = _create_tables(str(Path(folder) / "blog.db"), tables, [])
        start = time.perf_counter()
        for first in range(0, len(documents), _BATCH):
            rows = documents[first : first + _BATCH]
            connection.executemany("INSERT INTO post_search (rowid, title, content) VALUES (?, ?, ?)", rows)
        connection.commit()
        return time.perf_counter() - start


def _create_tables(path: str, tables: list[str], posts: list[tuple[int, str, str]]) -> sqlite3.Connection:
    """Create a database, create its tables, insert the posts, and return a connection to the database.

    `tables` contains the SQL statements that create the tables.
    """
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    for statement in tables:
        connection.execute(statement.replace(" NOT NULL", ""))
    connection.execute("INSERT INTO post_search (post_search, rank) VALUES ('hashsize', 33554432)")
    connection.executemany("INSERT INTO posts (id, title, content) VALUES (?, ?, ?)", posts)
    connection.commit()
    return connection


def main() -> None:
    """Run the measurements on all databases, and print the results."""
    options = parse_options(__doc__)
    rows = []
    for database in prepare_databases(options):
        rows.append(asyncio.run(measure_creation(database, options.rounds)))
        if database.engine == "sqlite":
            rows.append(measure_building(database, options.rounds))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
