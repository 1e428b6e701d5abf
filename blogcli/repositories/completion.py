"""Names for the completion of command lines in a shell, read from a SQLite file without importing SQLAlchemy."""

import sqlite3
from contextlib import closing
from pathlib import Path

_LAST_CHARACTER = "\U0010ffff"
# Each statement reads the values of an index in order, from a lower bound to an upper one.
_STATEMENTS = {
    "tags": "SELECT name FROM tags WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
    "users": "SELECT email FROM users WHERE email >= ? AND email < ? ORDER BY email LIMIT ?",
    "posts": "SELECT slug FROM posts WHERE slug >= ? AND slug < ? ORDER BY slug LIMIT ?",
}


def list_names(path: Path, kind: str, prefix: str, *, limit: int) -> list[str]:
    """Return the names of `tags`, e-mail addresses of `users` or slugs of `posts` that begin with `prefix`.

    Tags are compared by their keys. Raises sqlite3.Error if the file cannot be read at once: a person who presses Tab
    does not wait for a lock, and the file is never created.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
        rows = connection.execute(_STATEMENTS[kind], (prefix, prefix + _LAST_CHARACTER, limit))
        return [row[0] for row in rows]
