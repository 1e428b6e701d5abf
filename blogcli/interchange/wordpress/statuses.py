"""The statuses of WordPress, and what becomes of a post that not everybody may read."""

from datetime import datetime
from typing import Final

from ...enums import PostStatus
from ..notes import NoteCode
from ..records import PostRecord
from ..truncate_repr import quoted
from .dates import Say, instant_of_seconds
from .extra_fields import meta_of
from .extra_names import Kept, text_in
from .restrictions import doubts_about, restriction_of
from .xml_reader import Element

_STATUSES: Final = {
    "publish": PostStatus.PUBLISHED,
    # Since its time has come, where it is not to come.
    "future": PostStatus.PUBLISHED,
    "draft": PostStatus.DRAFT,
    "pending": PostStatus.DRAFT,
    "auto-draft": PostStatus.DRAFT,
    "private": PostStatus.DRAFT,
}
_PUBLIC: Final = {name for name, status in _STATUSES.items() if status is PostStatus.PUBLISHED}
_TRASH: Final = "trash"
# Those that ours say just as well, with the dates.
_PLAIN: Final = {"", "publish", "future", "draft"}


def status_of(
    item: Element, created_at: datetime | None, now: datetime, *, say: Say, rule: str | None = None
) -> PostStatus:
    """Return the status of an item once it is out of the trash; `rule` is the rule of a plugin that restricts it."""
    name = wordpress_status(item)
    if name not in _STATUSES:
        say(NoteCode.STATUS_INFERRED, f"the status {quoted(name)} is not known; the post became a draft")
    kind = "private" if name == "private" else _restriction(item, rule)
    if kind:
        say(NoteCode.NOT_PUBLIC, f"the post is {kind}; it became a draft")
        return PostStatus.DRAFT
    if name in _PUBLIC and (doubts := doubts_about(item)):
        what = f"{', '.join(doubts)} may restrict who reads the post"
        say(NoteCode.NOT_PUBLIC, f"{what}; it stayed public: check it")
    is_to_come = name == "future" and created_at is not None and created_at > now
    return PostStatus.SCHEDULED if is_to_come else _STATUSES.get(name, PostStatus.DRAFT)


def _restriction(item: Element, rule: str | None) -> str | None:
    """Return for whom a published post is; None if it is for everybody."""
    if item.child("wp:post_password"):
        return "protected by a password"
    reason = rule or restriction_of(item)
    return f"for some people only, by {reason}" if reason else None


def trashed_at(item: Element, otherwise: datetime | None, say: Say) -> datetime | None:
    """When an item was put into the trash; None where it is not in there."""
    if item.child("wp:status").strip() != _TRASH:
        return None
    moment = instant_of_seconds(meta_of(item, "_wp_trash_meta_time")) or otherwise
    if moment is None:
        say(NoteCode.STATUS_INFERRED, "the post is in the trash, nobody knows since when; it became a draft")
    return moment


def wordpress_status(item: Element) -> str:
    """The status as WordPress writes it; of what is in the trash, the one before."""
    name = item.child("wp:status").strip()
    return meta_of(item, "_wp_trash_meta_status").strip() or "draft" if name == _TRASH else name


def status_to_keep(item: Element, *, rule: str | None = None) -> str:
    """Return the status of WordPress if ours says less, else an empty text; `rule` restricts the item."""
    name = wordpress_status(item)
    is_demoted = _restriction(item, rule) is not None and name in _PUBLIC
    return name if is_demoted or name not in _PLAIN else ""


def status_to_write(post: PostRecord, kept: Kept, now: datetime) -> str:
    """The status that a post has in WordPress."""
    return status_before_trash(post, kept, now) if post.trashed_at is None else _TRASH


def status_before_trash(post: PostRecord, kept: Kept, now: datetime) -> str:
    """The same of what is not in the trash: the one that it had there, where that makes a draft of it."""
    if post.status is PostStatus.DRAFT:
        before = text_in(kept, "status").strip()
        is_draft = before not in _PUBLIC or text_in(kept, "post_password")
        return before if before not in {"", _TRASH, "inherit"} and is_draft else "draft"
    date = post.published_at
    return "future" if date is not None and date > now else "publish"
