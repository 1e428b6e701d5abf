"""The parameters of an import."""

from ...enums import ConflictPolicy
from .base import Input, Text


class ImportParameters(Input):
    """How an import treats its posts, whatever their format; `author` is the author of posts that name none.

    An author that comes from the settings must exist only if there is a post that names no author. The settings may
    name an author before the first user is created.
    """

    author: Text | None = None
    is_author_a_setting: bool = False
    on_conflict: ConflictPolicy = ConflictPolicy.SKIP
    is_strict: bool = False
    dry_run: bool = False
