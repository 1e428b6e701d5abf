"""The versions of a post that the journal contains."""

from dataclasses import dataclass
from datetime import datetime

from .records import PostDetail


@dataclass(frozen=True, kw_only=True)
class PostVersion:
    """A version of a post, and the operation of the journal that created it.

    The fields of the operation are None in the oldest version if the journal does not contain its operation. `changed`
    contains the names of the fields that differ from the version before, or `created`, `purged` or `unrecorded`.
    `same_as` is the operation of an earlier version with the same content. `replaced_at` is the time of the next
    version.
    """

    operation: int | None
    kind: str | None
    command: str | None
    actor: str | None
    program: str | None
    ended_at: datetime | None
    replaced_at: datetime | None
    changed: list[str]
    words: int | None
    words_change: int | None
    same_as: int | None


@dataclass(frozen=True, kw_only=True)
class PostComparison:
    """Two versions of a post with phrases that name them. A version is None if the post did not exist."""

    post_id: int
    old: PostDetail | None
    new: PostDetail | None
    old_name: str
    new_name: str
