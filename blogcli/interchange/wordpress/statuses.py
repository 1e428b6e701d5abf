"""Convert the statuses of WordPress to statuses of posts, and back.

A post becomes a draft if access to it is restricted.
"""

from datetime import datetime
from typing import Final

from ...enums import PostStatus
from ...text.truncate_repr import quoted
from ..notes import NoteCode, OnNote
from ..records import PostRecord
from .dates import parse_timestamp
from .export_file.xml_reader import Element
from .extra_fields import get_meta
from .extra_names import ExtraFields, get_text
from .restrictions import find_possible_restrictions, find_restriction

_STATUSES: Final = {
    "publish": PostStatus.PUBLISHED,
    # If the date of the post is in the future, the post becomes scheduled instead.
    "future": PostStatus.PUBLISHED,
    "draft": PostStatus.DRAFT,
    "pending": PostStatus.DRAFT,
    "auto-draft": PostStatus.DRAFT,
    "private": PostStatus.DRAFT,
}
_PUBLIC: Final = {name for name, status in _STATUSES.items() if status is PostStatus.PUBLISHED}
_TRASH: Final = "trash"
# WordPress statuses that are not stored, because they can be derived from the status and the dates of a post.
_DERIVABLE: Final = {"", "publish", "future", "draft"}


def read_status(
    item: Element, created_at: datetime | None, now: datetime, *, on_note: OnNote, rule: str | None = None
) -> PostStatus:
    """Return the status of the post in an item.

    For an item in the trash, return the status from before the item was moved to the trash. `rule` describes the plugin
    rule that restricts access to the item. If access to the item is restricted, the post becomes a draft.
    """
    name = read_wordpress_status(item)
    if name not in _STATUSES:
        on_note(NoteCode.STATUS_INFERRED, f"unknown status {quoted(name)}; the post became a draft")
    restriction = "private" if name == "private" else _describe_restriction(item, rule)
    if restriction:
        on_note(NoteCode.NOT_PUBLIC, f"the post is {restriction}; it became a draft")
        return PostStatus.DRAFT
    if name in _PUBLIC and (possible_restrictions := find_possible_restrictions(item)):
        warning = f"{', '.join(possible_restrictions)} may restrict who can read the post"
        on_note(NoteCode.NOT_PUBLIC, f"{warning}; the post remains public: check who may read it")
    if name == "future" and created_at is not None and created_at > now:
        return PostStatus.SCHEDULED
    return _STATUSES.get(name, PostStatus.DRAFT)


def read_trashed_at(item: Element, default: datetime | None, on_note: OnNote) -> datetime | None:
    """Return the time at which an item was moved to the trash, or `default` if the export does not contain the time.

    Returns None if the item is not in the trash.
    """
    if item.child("wp:status").strip() != _TRASH:
        return None
    date = parse_timestamp(get_meta(item, "_wp_trash_meta_time")) or default
    if date is None:
        on_note(NoteCode.STATUS_INFERRED, "the post was trashed at an unknown time; it became a draft")
    return date


def read_wordpress_status(item: Element) -> str:
    """Return the WordPress status of an item.

    For an item in the trash, return the status from before the item was moved to the trash.
    """
    name = item.child("wp:status").strip()
    return get_meta(item, "_wp_trash_meta_status").strip() or "draft" if name == _TRASH else name


def read_extra_status(item: Element, *, rule: str | None = None) -> str:
    """Return the WordPress status of an item if the status must be stored, or else an empty string.

    `rule` describes the plugin rule that restricts access to the item.
    """
    name = read_wordpress_status(item)
    is_demoted = _describe_restriction(item, rule) is not None and name in _PUBLIC
    return name if is_demoted or name not in _DERIVABLE else ""


def format_status(post: PostRecord, fields: ExtraFields, now: datetime) -> str:
    """Return the WordPress status of a post. `fields` is the value of `extra["wordpress"]`."""
    return format_untrashed_status(post, fields, now) if post.trashed_at is None else _TRASH


def format_untrashed_status(post: PostRecord, fields: ExtraFields, now: datetime) -> str:
    """Return the WordPress status of a post, or its status after a restoration if the post is in the trash.

    A draft gets the status that is stored in `fields`, unless everybody could read the draft with that status.
    """
    if post.status is PostStatus.DRAFT:
        stored_status = get_text(fields, "status").strip()
        is_unpublished = stored_status not in _PUBLIC or get_text(fields, "post_password")
        return stored_status if stored_status not in {"", _TRASH, "inherit"} and is_unpublished else "draft"
    date = post.published_at
    return "future" if date is not None and date > now else "publish"


def _describe_restriction(item: Element, rule: str | None) -> str | None:
    """Return how access to an item is restricted, or None if everybody can read the item."""
    if item.child("wp:post_password"):
        return "protected by a password"
    restriction = rule or find_restriction(item)
    return f"restricted to some readers by {restriction}" if restriction else None
