"""Read names for shell completion from a SQLite file without importing SQLAlchemy."""

import sqlite3
from contextlib import closing
from pathlib import Path

_LAST_CHARACTER = "\U0010ffff"
# Maps each kind of names to a statement that reads the values of an index between two bounds, in order.
_STATEMENTS = {
    "tags": "SELECT name FROM tags WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
    "users": "SELECT email FROM users WHERE email >= ? AND email < ? ORDER BY email LIMIT ?",
    "posts": "SELECT slug FROM posts WHERE slug >= ? AND slug < ? ORDER BY slug LIMIT ?",
}


def list_names(path: Path, kind: str, prefix: str, *, limit: int) -> list[str]:
    """Return the names of `tags`, e-mail addresses of `users` or slugs of `posts` that begin with `prefix`.

    Tags are compared by their keys. Raises sqlite3.Error if the file does not exist or if it is locked, because a
    person who presses Tab should not have to wait.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
        rows = connection.execute(_STATEMENTS[kind], (prefix, prefix + _LAST_CHARACTER, limit))
        return [row[0] for row in rows]
