"""The first pass over Ghost exports: all rows but posts, kept outside memory, to be joined with the posts."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeAlias

from ....errors import InvalidError
from ...items import RawItem, Scan
from ...sources import Source
from ..values import identity, is_empty
from .rows import is_ghost, rows

_Rows: TypeAlias = list[dict[str, Any]]
# The rows of a table whose key is the given one.
_Find: TypeAlias = Callable[[str, str], _Rows]

# Of each table whose rows are wanted, the column by which they are found.
_KEYS = {"users": "id", "tags": "id", "posts_meta": "post_id", "posts_tags": "post_id", "posts_authors": "post_id"}
# What Ghost needs to run, and does not belong to the blog.
_TECHNICAL = {"accesstokens", "actions", "api_keys", "app_fields", "app_settings", "apps", "brute", "clients"}
_TECHNICAL |= {"client_trusted_domains", "integrations", "invites", "jobs", "migrations", "migrations_lock"}
_TECHNICAL |= {"permissions", "permissions_apps", "permissions_roles", "permissions_users", "refreshtokens", "roles"}
_TECHNICAL |= {"sessions", "tokens"}
_SCHEMA = """
    CREATE TABLE kept (source INTEGER, name TEXT, key TEXT, number INTEGER, value TEXT);
    CREATE TABLE counted (source INTEGER, name TEXT, rows INTEGER);
    BEGIN;
"""


class Author(NamedTuple):
    """Somebody who wrote a post, and whether they are in the table of users."""

    row: dict[str, Any]
    is_listed: bool


class JoinedPost(NamedTuple):
    """A post's row, and the rows of other tables that belong to it, in their order."""

    row: dict[str, Any]
    tags: _Rows
    authors: list[Author]
    # Other people who are named by their ids, by the column that names them.
    others: dict[str, dict[str, Any]]
    # Of the source, where it has exactly one, and the post has no author.
    only_user: dict[str, Any] | None = None


def scan(sources: Sequence[Source]) -> Scan:
    """People, tags and posts of all sources, each source's in this order, and what else there is in it."""
    # Without a name it is a file that goes with the connection, and another thread may read it.
    database = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    try:
        database.executescript(_SCHEMA)
        total = sum(_keep(database, index, source) for index, source in enumerate(sources))
        database.execute("CREATE INDEX by_key ON kept (source, name, key, number)")
    except BaseException:
        database.close()
        raise
    return Scan(total, _items(database, sources))


def _keep(database: sqlite3.Connection, index: int, source: Source) -> int:
    counts = Counter[str]()

    def kept() -> Iterator[tuple[int, str, str | None, int, str]]:
        for table, number, value in rows(source, _KEYS):
            counts[table] += 1
            if table in _KEYS:
                key = identity(value.get(_KEYS[table])) if isinstance(value, dict) else None
                yield index, table, key, number, json.dumps(value, ensure_ascii=False)

    database.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?)", kept())
    if counts.keys().isdisjoint({*_KEYS, "posts"}) and not is_ghost(source.start()):
        hint = "It is the JSON that Ghost writes: Settings, Import/Export, Export content."
        raise InvalidError(f"{source.name}: no export of Ghost's: there are no posts, tags or users in it", hint=hint)
    left_out = [name for name in counts if name not in {"posts", *_KEYS, *_TECHNICAL}]
    database.executemany("INSERT INTO counted VALUES (?, ?, ?)", [(index, name, counts[name]) for name in left_out])
    return sum(counts[name] for name in ("users", "tags", "posts")) + bool(left_out)


def _items(database: sqlite3.Connection, sources: Sequence[Source]) -> Iterator[RawItem]:
    with closing(database):
        for index, source in enumerate(sources):
            for name in ("users", "tags"):
                query = "SELECT number, value FROM kept WHERE source = ? AND name = ? ORDER BY number"
                for number, text in database.execute(query, (index, name)):
                    yield RawItem(source.name, number, (name, json.loads(text)), len(text))
            find = partial(_found, database, index)
            find_one = lru_cache(maxsize=1_024)(partial(_first, find))
            only_user = _only_user(database, index)
            for table, number, value in rows(source, {"posts"}):
                if table == "posts":
                    joined = _joined(value, find, find_one) if isinstance(value, dict) else value
                    if isinstance(joined, JoinedPost) and not joined.authors:
                        joined = joined._replace(only_user=only_user)
                    yield RawItem(source.name, number, ("posts", joined), _size(value))
            counted = database.execute("SELECT name, rows FROM counted WHERE source = ?", (index,)).fetchall()
            if counted:
                yield RawItem(source.name, None, ("others", dict(counted)))


def _only_user(database: sqlite3.Connection, index: int) -> dict[str, Any] | None:
    query = "SELECT value FROM kept WHERE source = ? AND name = 'users' LIMIT 2"
    users = [json.loads(text) for (text,) in database.execute(query, (index,))]
    return users[0] if len(users) == 1 and isinstance(users[0], dict) else None


def _found(database: sqlite3.Connection, index: int, name: str, key: str) -> _Rows:
    query = "SELECT value FROM kept WHERE source = ? AND name = ? AND key = ? ORDER BY number"
    return sorted((json.loads(text) for (text,) in database.execute(query, (index, name, key))), key=_order)


def _order(row: dict[str, Any]) -> float:
    order = row.get("sort_order")
    return order if isinstance(order, int | float) else 0


def _first(find: _Find, name: str, key: str) -> dict[str, Any] | None:
    return next(iter(find(name, key)), None)


def _joined(row: dict[str, Any], find: _Find, find_one: Callable[[str, str], dict[str, Any] | None]) -> JoinedPost:
    key = identity(row.get("id")) or ""
    tag_ids = [identity(each.get("tag_id")) or "" for each in find("posts_tags", key)]
    author_ids = [identity(each.get("author_id")) or "" for each in find("posts_authors", key)]
    if not author_ids and (only := identity(row.get("author_id"))):
        author_ids = [only]
    users = {each: find_one("users", each) for each in author_ids}
    authors = [Author(users[each] or {"id": each}, users[each] is not None) for each in author_ids]
    audit = {name: identity(row.get(name)) for name in ("created_by", "updated_by", "published_by")}
    others = {name: find_one("users", each) for name, each in audit.items() if each and each not in author_ids[:1]}
    return JoinedPost(
        _laid_over(row, find("posts_meta", key)),
        [find_one("tags", each) or {"id": each} for each in tag_ids],
        authors,
        {name: user for name, user in others.items() if user},
    )


def _laid_over(row: dict[str, Any], metas: _Rows) -> dict[str, Any]:
    # Ghost moved columns from one table to the other: what is null in one may stand in the other.
    meta = {name: value for each in metas[:1] for name, value in each.items() if name not in {"id", "post_id"}}
    return {**row, **{name: value for name, value in meta.items() if is_empty(row.get(name))}}


def _size(row: object) -> int:
    return sum(len(value) for value in row.values() if isinstance(value, str)) if isinstance(row, dict) else 0
