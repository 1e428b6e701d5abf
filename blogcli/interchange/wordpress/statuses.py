"""The statuses of WordPress, and what becomes of a post that not everybody may read."""

from datetime import datetime
from typing import Final

from ...enums import PostStatus
from ..entries import NoteCode
from ..quoting import quoted
from .elements import Element
from .leftovers import meta_of
from .moments import Say, instant_of_seconds

_STATUSES: Final = {
    "publish": PostStatus.PUBLISHED,
    # The date to come says when.
    "future": PostStatus.PUBLISHED,
    "draft": PostStatus.DRAFT,
    "pending": PostStatus.DRAFT,
    "auto-draft": PostStatus.DRAFT,
    "private": PostStatus.DRAFT,
}
_TRASH: Final = "trash"
# Those that ours say just as well, with the dates.
PLAIN: Final = {"", "publish", "future", "draft", _TRASH}


def status_of(item: Element, say: Say) -> PostStatus:
    """Whether an item is published, once it is out of the trash."""
    name = wordpress_status(item)
    if name == _TRASH:
        name = meta_of(item, "_wp_trash_meta_status").strip() or "draft"
    status = _STATUSES.get(name)
    if status is None:
        say(NoteCode.STATUS_GUESSED, f"the status {quoted(name)} is not known; the post became a draft")
        status = PostStatus.DRAFT
    if name == "private" or item.child("wp:post_password"):
        kind = "private" if name == "private" else "protected by a password"
        say(NoteCode.NOT_PUBLIC, f"the post is {kind}; it became a draft")
        return PostStatus.DRAFT
    return status


def trashed_at(item: Element, otherwise: datetime | None, say: Say) -> datetime | None:
    """When an item was put into the trash; None where it is not in there."""
    if wordpress_status(item) != _TRASH:
        return None
    moment = instant_of_seconds(meta_of(item, "_wp_trash_meta_time")) or otherwise
    if moment is None:
        say(NoteCode.STATUS_GUESSED, "the post is in the trash, nobody knows since when; it became a draft")
    return moment


def wordpress_status(item: Element) -> str:
    """The status as WordPress writes it."""
    return item.child("wp:status").strip()
