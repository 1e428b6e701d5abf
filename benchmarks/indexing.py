"""What the index of the search costs those who write.

    python benchmarks/indexing.py [--sizes 100000] [--engines sqlite,postgresql] [--json]

The floor of a post is the same without the index. The floor of building it, on SQLite, is what FTS5 takes for the same
tokens, made beforehand.
"""

import asyncio
import sqlite3
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from blogs import Place, arguments, places
from measure import Row, compare, show
from sqlalchemy import create_engine

from blogcli.database import SessionFactory, open_database
from blogcli.repositories.posts import repository
from blogcli.schemas.inputs.posts import PostCreate
from blogcli.schemas.posts import PostSelection, Terms
from blogcli.search.documents import fts5_documents
from blogcli.search.indexing import index_all
from blogcli.services.posts.create import create_post
from blogcli.services.posts.trash import purge_posts
from blogcli.settings import Overrides, load_settings

_TEXT = "Words of a post that somebody writes, [linked](https://example.org/) and `quoted`, " * 30
_BATCH = 1_000


async def creation(place: Place, rounds: int) -> Row:
    """One post after the other, each in a transaction of its own; they are removed in the end."""
    made: list[str] = []

    async def create(sessions: SessionFactory) -> None:
        new = PostCreate(title=f"Measured {len(made)}", content=_TEXT, tags=["tag-1", "tag-2"])
        made.append(str((await create_post(sessions, new, author="author-1@example.org")).changed[0].id))

    async def create_unindexed(sessions: SessionFactory) -> None:
        with patch.object(repository, "index_texts", lambda *_, **__: None):
            await create(sessions)

    async with open_database(load_settings(Overrides(database_url=place.url), {})) as sessions:
        with_index, without = partial(create, sessions), partial(create_unindexed, sessions)
        row = await compare("creating a post", place, with_index, without, target=1.3, rounds=4 * rounds)
        await purge_posts(sessions, PostSelection(references=made), terms=Terms())
    return row


def building(place: Place, rounds: int) -> Row:
    """The whole index of the blog, from the posts as they are."""
    source = sqlite3.connect(place.url)
    posts = source.execute("SELECT id, title, content FROM posts ORDER BY id").fetchall()
    tables = [row[0] for row in source.execute("SELECT sql FROM sqlite_schema WHERE name IN ('posts', 'post_search')")]
    pairs = [(_built_by_us(posts, tables), _built_by_fts5(posts, tables)) for _ in range(max(3, rounds // 5))]
    ours, floor = (median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = median(one / other for one, other in pairs)
    return Row("building the index", place.engine, place.posts, ours * 1_000, floor * 1_000, ratio, None, 1.5)


def _built_by_us(posts: list[tuple[int, str, str]], tables: list[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "blog.db")
        _emptied(path, tables, posts).close()
        start = time.perf_counter()
        with create_engine(f"sqlite:///{path}").begin() as connection:
            index_all(connection)
        return time.perf_counter() - start


def _built_by_fts5(posts: list[tuple[int, str, str]], tables: list[str]) -> float:
    documents = fts5_documents(posts)
    with tempfile.TemporaryDirectory() as folder:
        connection = _emptied(str(Path(folder) / "blog.db"), tables, [])
        start = time.perf_counter()
        for first in range(0, len(documents), _BATCH):
            rows = documents[first : first + _BATCH]
            connection.executemany("INSERT INTO post_search (rowid, title, content) VALUES (?, ?, ?)", rows)
        connection.commit()
        return time.perf_counter() - start


def _emptied(path: str, tables: list[str], posts: list[tuple[int, str, str]]) -> sqlite3.Connection:
    """A database with these tables, of which only the posts are filled."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    for statement in tables:
        connection.execute(statement.replace(" NOT NULL", ""))
    connection.execute("INSERT INTO post_search (post_search, rank) VALUES ('hashsize', 33554432)")
    connection.executemany("INSERT INTO posts (id, title, content) VALUES (?, ?, ?)", posts)
    connection.commit()
    return connection


def main() -> None:
    """Measure every blog."""
    options, rows = arguments(__doc__), []
    for place in places(options):
        rows.append(asyncio.run(creation(place, options.rounds)))
        if place.engine == "sqlite":
            rows.append(building(place, options.rounds))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    main()
