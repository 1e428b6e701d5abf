"""Names that are there, by how they begin: from the SQLite file, for PostgreSQL from a cache."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

from ..errors import BlogError
from ..settings import Settings
from ..text.casefold import tag_key
from ..urls import SqliteUrl, parse_database_url
from . import cache

# More than a screen holds.
MOST = 200
_LAST = "\U0010ffff"
# How what is typed is compared, and the names and their keys in the order of an index.
_SOURCES: dict[str, tuple[Callable[[str], str], str]] = {
    "tags": (tag_key, "SELECT name FROM tags WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"),
    "users": (str.lower, "SELECT email FROM users WHERE email >= ? AND email < ? ORDER BY email LIMIT ?"),
    "posts": (str, "SELECT slug FROM posts WHERE slug >= ? AND slug < ? ORDER BY slug LIMIT ?"),
}


def names(kind: str, start: str, settings: Settings) -> list[str]:
    """Names of `tags`, e-mails of `users`, slugs of `posts` that begin so; none where there is no telling."""
    try:
        url = parse_database_url(settings.database_url)
    except BlogError:
        return []
    key, statement = _SOURCES[kind]
    wanted = key(start)
    if not isinstance(url, SqliteUrl):
        return [name for name in cache.names(kind, settings) if key(name).startswith(wanted)][:MOST]
    try:
        # Whoever presses Tab does not wait for a lock, and makes no file.
        with closing(sqlite3.connect(f"{url.path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            return [row[0] for row in connection.execute(statement, (wanted, wanted + _LAST, MOST))]
    except (sqlite3.Error, UnicodeEncodeError):
        return []
