"""The tag records that services return."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TagSummary:
    """A tag in a list, with the number of its posts that are not trashed."""

    id: int
    name: str
    posts: int
