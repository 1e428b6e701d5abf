"""Report unsupported columns of the users and tags in Ghost exports."""

from collections.abc import Mapping
from typing import Any

from ...text.slugify import slugify_title
from ..notes import NoteCode, OnNote
from .embedding import FINGERPRINT_COLUMN, RECORD_COLUMN
from .values import as_text, is_empty

# Columns that the import uses, and columns that blogcli adds to its own exports.
_SUPPORTED = {"id", "uuid", "name", "email", "status", "created_at", "updated_at", RECORD_COLUMN, FINGERPRINT_COLUMN}
# Columns that are not reported, because they contain only internal values of Ghost or personal settings of users.
_TECHNICAL = {"created_by", "updated_by", "password", "last_login", "last_seen", "tour", "accessibility", "post_count"}
_TECHNICAL |= {"comment_notifications", "free_member_signup_notification", "paid_subscription_started_notification"}
_TECHNICAL |= {"paid_subscription_canceled_notification", "mention_notifications", "milestone_notifications"}
_TECHNICAL |= {"donation_notifications", "recommendation_notifications", "url", "count"}
_DEFAULTS = {"visibility": ("public", "internal"), "language": ("en_US",), "locale": ("en_US", "en")}


def note_unsupported_fields(what: str, row: Mapping[str, Any], on_note: OnNote) -> None:
    """Add a note that lists the unsupported columns in the row of a user or a tag.

    `what` describes the user or the tag in the message of the note.
    """
    names = sorted(
        name
        for name, value in row.items()
        if name not in _SUPPORTED | _TECHNICAL and not is_empty(value) and value not in _DEFAULTS.get(name, ())
    )
    if names == ["slug"] and _is_derived_slug(row):
        return
    if names:
        on_note(NoteCode.NOT_IMPORTED, f"{what}: fields that are not supported: {', '.join(names)}")


def _is_derived_slug(row: Mapping[str, Any]) -> bool:
    """Return whether the slug in a row is derived from the name.

    Ghost adds the prefix "hash-" to the slug of an internal tag. All slugs that blogcli writes are derived from names,
    even if a slug has a suffix because another name has the same slug.
    """
    if RECORD_COLUMN in row:
        return True
    slug = slugify_title(as_text(row.get("name")) or "")
    return row.get("slug") in (slug, f"hash-{slug}")
