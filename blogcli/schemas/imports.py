"""The parameters and the result of an import."""

from ..enums import ConflictPolicy
from .base import Schema, Text


class ImportParameters(Schema):
    """How an import treats its posts, whatever their format; `author` is the author of posts that name none.

    An author that comes from the settings must exist only if there is a post that names no author. The settings may
    name an author before the first user is created.
    """

    author: Text | None = None
    is_author_a_setting: bool = False
    on_conflict: ConflictPolicy = ConflictPolicy.SKIP
    is_strict: bool = False
    dry_run: bool = False


class ImportResult(Schema):
    """The numbers of posts by outcome, of records that could not be read, and of created users and tags."""

    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    users: int
    tags: int
