"""Read names for shell completion from a SQLite file. SQLAlchemy is not imported, to save time."""

import sqlite3
from contextlib import closing
from pathlib import Path

_LAST_CHARACTER = "\U0010ffff"
# Maps each kind of names to the statement that reads the names between two bounds, in the order of an index.
_STATEMENTS = {
    "tags": "SELECT name FROM tags WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
    "users": "SELECT email FROM users WHERE email >= ? AND email < ? ORDER BY email LIMIT ?",
    "posts": "SELECT slug FROM posts WHERE slug >= ? AND slug < ? ORDER BY slug LIMIT ?",
}


def list_names(path: Path, kind: str, prefix: str, *, limit: int) -> list[str]:
    """Return at most `limit` names of the kind `tags`, `users` or `posts` that begin with `prefix`.

    The names of users are their e-mail addresses, and the names of posts are their slugs. For tags, `prefix` is
    compared with the keys of the tags. Raises sqlite3.Error if the file does not exist. If the file is locked, the same
    error is raised at once, because a person who presses Tab should not have to wait.
    """
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
        rows = connection.execute(_STATEMENTS[kind], (prefix, prefix + _LAST_CHARACTER, limit))
        return [row[0] for row in rows]
