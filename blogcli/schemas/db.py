"""Information about the database, and the results of its maintenance."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class MigrationRevision:
    """A migration and its position in the chain of migrations."""

    revision: str
    down_revision: str | None
    message: str
    is_head: bool
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class DatabaseStatus:
    """The state of the database, and the source of its URL, such as an option or an environment variable.

    `size` is in bytes, and `round_trip` is in milliseconds. `users`, `posts` and `tags` are numbers of rows. Each of
    them is None if the database does not have the table.
    """

    database: str
    source: str
    revision: str | None
    head: str
    users: int | None
    posts: int | None
    tags: int | None
    size: int
    server: str
    round_trip: float


@dataclass(frozen=True, kw_only=True)
class BackupFile:
    """A backup file, and what it contains.

    `size` is in bytes, or None for standard output. `blog` is the UUID of the blog, or None if the database had none.
    `users`, `posts` and `tags` are numbers of rows. If the file cannot be read, `problem` contains the reason,
    `created_at` is the time of its last modification, and all other values are None.
    """

    file: str
    created_at: datetime
    size: int | None
    blog: str | None
    revision: str | None
    users: int | None
    posts: int | None
    tags: int | None
    program: str | None
    problem: str | None


@dataclass(frozen=True, kw_only=True)
class BlogCopy:
    """The numbers of users, posts and tags, and of the rows of all tables, that were copied to another database."""

    users: int
    posts: int
    tags: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A problem that `db check` found, and how to repair it.

    `repairable` tells whether `db check --repair` can repair it, and `repaired` whether it has done so.
    """

    code: str
    text: str
    repair: str
    repairable: bool = False
    repaired: bool = False


@dataclass(frozen=True, kw_only=True)
class Reindexed:
    """The number of posts that were compared with the search index, and the number of posts that were indexed again.

    `removed` is the number of posts that were removed from the index, because they do not exist.
    """

    posts: int
    rewritten: int
    removed: int = 0


@dataclass(frozen=True, kw_only=True)
class Optimization:
    """The sizes of a database before and after its optimization, in bytes.

    The sizes of the write-ahead log and the unused space in the file are None on PostgreSQL, where the other sizes are
    those of blogcli's tables and their indexes.
    """

    size_before: int
    size_after: int
    wal_before: int | None = None
    wal_after: int | None = None
    unused: int | None = None


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """The numbers of users, posts and tags that were created."""

    users: int
    posts: int
    tags: int
