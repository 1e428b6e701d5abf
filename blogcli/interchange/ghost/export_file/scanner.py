"""Scan Ghost exports, and join each post with the related rows in other tables.

The rows of the other tables are stored in a temporary SQLite database, because these rows may not fit in memory.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeAlias

from ....errors import InvalidError
from ....text.json_text import parse_json
from ...items import RawItem, ReadOptions, Scan
from ...sources import Source
from ..values import is_empty, parse_id
from .rows import has_ghost_shape, iter_rows

_Row: TypeAlias = dict[str, Any]
# A function that takes the name of a table and a key, and returns all rows with this key.
_FindRows: TypeAlias = Callable[[str, str], list[_Row]]
# A function that takes the name of a table and a key, and returns the first row with this key, or None.
_FindRow: TypeAlias = Callable[[str, str], _Row | None]

# The tables whose rows are stored in the temporary database. Each table is mapped to the column that contains the keys
# of its rows.
_KEYS = {"users": "id", "tags": "id", "posts_meta": "post_id", "posts_tags": "post_id", "posts_authors": "post_id"}
_IMPORTED_TABLES = {"posts", *_KEYS}
_EDITOR_COLUMNS = ("created_by", "updated_by", "published_by")
# The tables that Ghost uses internally. They are skipped without a note, because they contain nothing to import.
_TECHNICAL_TABLES = {"accesstokens", "actions", "api_keys", "app_fields", "app_settings", "apps", "brute", "clients"}
_TECHNICAL_TABLES |= {"client_trusted_domains", "integrations", "invites", "jobs", "migrations", "migrations_lock"}
_TECHNICAL_TABLES |= {"permissions", "permissions_apps", "permissions_roles", "permissions_users", "refreshtokens"}
_TECHNICAL_TABLES |= {"roles", "sessions", "tokens"}
_SCHEMA = """
    CREATE TABLE stored (source INTEGER, name TEXT, key TEXT, number INTEGER, value TEXT);
    CREATE TABLE skipped (source INTEGER, name TEXT, rows INTEGER);
    BEGIN;
"""


class Author(NamedTuple):
    """A row that describes an author of a post, and whether the row is from the table `users`."""

    row: _Row
    is_listed: bool


class JoinedPost(NamedTuple):
    """A row of the table `posts`, and the rows of the tags, authors and editors of the post.

    The tags and the authors are in the order that they have in Ghost.
    """

    row: _Row
    tags: list[_Row]
    authors: list[Author]
    # Maps each of the columns `created_by`, `updated_by` and `published_by` to the row of the user whose id the column
    # contains. A column is omitted if it contains the id of the first author or of a user who is not in the source.
    editors: dict[str, _Row]
    # If the post has no author and the source contains exactly one user, the row of this user. Otherwise None.
    only_user: _Row | None = None


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:  # noqa: ARG001 - all formats take options
    """Count and list the users, the tags, the posts and the skipped tables in all sources.

    Raises InvalidError if a source is not JSON or not a Ghost export.
    """
    # A database without a name is a temporary file that SQLite deletes when the connection is closed. The thread is
    # not checked, because the items may be read in another thread than the one that stores the rows.
    database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    try:
        database.executescript(_SCHEMA)
        total = sum(_store_rows(database, index, source) for index, source in enumerate(sources))
        database.execute("CREATE INDEX by_key ON stored (source, name, key, number)")
    except BaseException:
        database.close()
        raise
    return Scan(total, _iter_items(database, sources))


def _store_rows(database: sqlite3.Connection, index: int, source: Source) -> int:
    """Store the rows of a source in the temporary database, and return the number of items in the source."""
    counts = Counter[str]()

    def iter_stored_rows() -> Iterator[tuple[int, str, str | None, int, str]]:
        for table, number, value in iter_rows(source, _KEYS):
            counts[table] += 1
            if table in _KEYS:
                key = parse_id(value.get(_KEYS[table])) if isinstance(value, dict) else None
                yield index, table, key, number, json.dumps(value, ensure_ascii=False)

    database.executemany("INSERT INTO stored VALUES (?, ?, ?, ?, ?)", iter_stored_rows())
    if counts.keys().isdisjoint(_IMPORTED_TABLES) and not has_ghost_shape(source.read_start()):
        hint = "Use the JSON file that Ghost writes: Settings, Import/Export, Export content."
        raise InvalidError(f"{source.name}: not a Ghost export: it contains no posts, tags or users", hint=hint)
    skipped = [name for name in counts if name not in _IMPORTED_TABLES | _TECHNICAL_TABLES]
    database.executemany("INSERT INTO skipped VALUES (?, ?, ?)", [(index, name, counts[name]) for name in skipped])
    return sum(counts[name] for name in ("users", "tags", "posts")) + bool(skipped)


def _iter_items(database: sqlite3.Connection, sources: Sequence[Source]) -> Iterator[RawItem]:
    with closing(database):
        for index, source in enumerate(sources):
            for name in ("users", "tags"):
                query = "SELECT number, value FROM stored WHERE source = ? AND name = ? ORDER BY number"
                for number, text in database.execute(query, (index, name)):
                    yield RawItem(source.name, number, (name, parse_json(text)), len(text))
            yield from _iter_posts(database, index, source)
            skipped = database.execute("SELECT name, rows FROM skipped WHERE source = ?", (index,)).fetchall()
            if skipped:
                yield RawItem(source.name, None, ("skipped", dict(skipped)))


def _iter_posts(database: sqlite3.Connection, index: int, source: Source) -> Iterator[RawItem]:
    find_rows = partial(_find_rows, database, index)
    find_row = lru_cache(maxsize=1_024)(partial(_find_row, find_rows))
    only_user = _find_only_user(database, index)
    for table, number, value in iter_rows(source, {"posts"}):
        if table == "posts":
            post = _join_post(value, find_rows, find_row) if isinstance(value, dict) else value
            if isinstance(post, JoinedPost) and not post.authors:
                post = post._replace(only_user=only_user)
            yield RawItem(source.name, number, ("posts", post), _estimate_size(value))


def _find_only_user(database: sqlite3.Connection, index: int) -> _Row | None:
    query = "SELECT value FROM stored WHERE source = ? AND name = 'users' LIMIT 2"
    users = [parse_json(text) for (text,) in database.execute(query, (index,))]
    return users[0] if len(users) == 1 and isinstance(users[0], dict) else None


def _find_rows(database: sqlite3.Connection, index: int, name: str, key: str) -> list[_Row]:
    query = "SELECT value FROM stored WHERE source = ? AND name = ? AND key = ? ORDER BY number"
    return sorted((parse_json(text) for (text,) in database.execute(query, (index, name, key))), key=_get_order)


def _get_order(row: _Row) -> float:
    order = row.get("sort_order")
    return order if isinstance(order, int | float) else 0


def _find_row(find_rows: _FindRows, name: str, key: str) -> _Row | None:
    return next(iter(find_rows(name, key)), None)


def _join_post(row: _Row, find_rows: _FindRows, find_row: _FindRow) -> JoinedPost:
    post_id = parse_id(row.get("id")) or ""
    tag_ids = [parse_id(relation.get("tag_id")) or "" for relation in find_rows("posts_tags", post_id)]
    author_ids = [parse_id(relation.get("author_id")) or "" for relation in find_rows("posts_authors", post_id)]
    if not author_ids and (author_id := parse_id(row.get("author_id"))):
        author_ids = [author_id]
    users = {author_id: find_row("users", author_id) for author_id in author_ids}
    editor_ids = {column: parse_id(row.get(column)) for column in _EDITOR_COLUMNS}
    editors = {
        column: find_row("users", editor_id)
        for column, editor_id in editor_ids.items()
        if editor_id and editor_id not in author_ids[:1]
    }
    return JoinedPost(
        row=_merge_meta(row, find_rows("posts_meta", post_id)),
        tags=[find_row("tags", tag_id) or {"id": tag_id} for tag_id in tag_ids],
        authors=[_make_author(author_id, users[author_id]) for author_id in author_ids],
        editors={column: user for column, user in editors.items() if user},
    )


def _make_author(author_id: str, user: _Row | None) -> Author:
    return Author(user or {"id": author_id}, is_listed=user is not None)


def _merge_meta(row: _Row, metas: list[_Row]) -> _Row:
    """Fill the empty columns of a post from its row in the table `posts_meta`.

    Some columns are in `posts` in earlier versions of Ghost and in `posts_meta` in later versions.
    """
    meta = metas[0] if metas else {}
    columns = {name: value for name, value in meta.items() if name not in {"id", "post_id"}}
    return row | {name: value for name, value in columns.items() if is_empty(row.get(name))}


def _estimate_size(row: object) -> int:
    return sum(len(value) for value in row.values() if isinstance(value, str)) if isinstance(row, dict) else 0
