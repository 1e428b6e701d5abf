"""What is brought into the blog, and what came of it."""

from ..enums import ConflictPolicy
from .base import Schema, Text


class ImportTerms(Schema):
    """On what terms posts come in; `author` writes those that name nobody.

    An author that is a setting is looked up only if a post needs it: the settings are there before any user is.
    """

    author: Text | None = None
    is_author_a_setting: bool = False
    on_conflict: ConflictPolicy = ConflictPolicy.SKIP
    is_strict: bool = False
    dry_run: bool = False


class Imported(Schema):
    """How many posts came of it, how many records could not be read, and how many people and tags are new."""

    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    users: int
    tags: int
