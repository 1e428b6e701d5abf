"""Find the names that begin with a typed text.

The names are read from the SQLite file or, for a PostgreSQL database, from the cache.
"""

import sqlite3
from collections.abc import Callable

from ..errors import BlogError
from ..repositories import completion
from ..settings import Settings
from ..text.casefold import tag_key
from ..urls import SqliteUrl, parse_database_url
from . import cache

# The maximum number of names that completion offers, which is more than a screen can show.
MAX_NAMES = 200
# Maps each kind of name to a function that converts a name to a key. Names of this kind are compared by their keys.
_KEY_FUNCTIONS: dict[str, Callable[[str], str]] = {"tags": tag_key, "users": str.lower, "posts": str}


def find_names(kind: str, start: str, settings: Settings) -> list[str]:
    """Return the names of `tags`, the e-mail addresses of `users` or the slugs of `posts` that begin with `start`.

    Returns an empty list if the database cannot be read.
    """
    try:
        url = parse_database_url(settings.database_url)
    except BlogError:
        return []
    key = _KEY_FUNCTIONS[kind]
    prefix = key(start)
    if not isinstance(url, SqliteUrl):
        return [name for name in cache.cached_names(kind, settings) if key(name).startswith(prefix)][:MAX_NAMES]
    try:
        return completion.list_names(url.path, kind, prefix, limit=MAX_NAMES)
    except (sqlite3.Error, UnicodeEncodeError):
        return []
