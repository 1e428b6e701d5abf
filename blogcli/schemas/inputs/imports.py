"""The options of an import."""

from ...enums import ConflictPolicy
from .base import Input, Text


class ImportParameters(Input):
    """The options of an import that do not depend on the format.

    `author` is the author of the posts that name none. If it comes from the settings, it must exist only if there is
    such a post, because the settings can name an author before the first user is created.
    """

    author: Text | None = None
    is_author_a_setting: bool = False
    on_conflict: ConflictPolicy = ConflictPolicy.SKIP
    is_strict: bool = False
    dry_run: bool = False
