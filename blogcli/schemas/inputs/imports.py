"""The options of an import."""

from ...enums import ConflictPolicy
from .base import Input, Text


class ImportParameters(Input):
    """The options of an import that do not depend on the format.

    `author` identifies the author of the posts that do not name an author. If `is_author_a_setting` is true, `author`
    comes from the settings, and the user must exist only if a post names no author. The settings can name an author
    before the first user is created.
    """

    author: Text | None = None
    is_author_a_setting: bool = False
    on_conflict: ConflictPolicy = ConflictPolicy.SKIP
    is_strict: bool = False
    dry_run: bool = False
