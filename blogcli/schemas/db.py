"""The state of the database itself, going out."""

from .base import Schema


class Revision(Schema):
    """One migration."""

    revision: str
    down_revision: str | None
    message: str
    is_head: bool
    is_current: bool


class DatabaseStatus(Schema):
    """The state of the database, and where its URL came from; sizes are in bytes, times in milliseconds."""

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


class Problem(Schema):
    """Something that `db check` found, and how to repair it."""

    code: str
    text: str
    repair: str


class Reindexed(Schema):
    """How many posts were compared with the index, and for how many it was put right."""

    posts: int
    rewritten: int


class Seeded(Schema):
    """How many of each were made; what was there already does not count."""

    users: int
    posts: int
    tags: int
