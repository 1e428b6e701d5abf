"""Ghost's users and tags, and what of them has no place here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ...errors import InvalidError
from ...text.emails import placeholder_email
from ...text.slugify import slugify_title
from ..notes import NoteCode
from ..records import TagRecord, UserRecord
from ..truncate_repr import quoted
from .embedding import KEY, TOLD, is_as_told, restored_person
from .values import instant_of, is_empty, text_of

Say = Callable[[NoteCode, str], None]

# What a record says itself, and what Ghost notes for itself.
_TAKEN = {"id", "uuid", "name", "email", "status", "created_at", "updated_at", KEY, TOLD}
_TECHNICAL = {"created_by", "updated_by", "password", "last_login", "last_seen", "tour", "accessibility", "post_count"}
_TECHNICAL |= {"comment_notifications", "free_member_signup_notification", "paid_subscription_started_notification"}
_TECHNICAL |= {"paid_subscription_canceled_notification", "mention_notifications", "milestone_notifications"}
_TECHNICAL |= {"donation_notifications", "recommendation_notifications", "url", "count"}
_DEFAULTS = {"visibility": ("public", "internal"), "language": ("en_US",), "locale": ("en_US", "en")}


def listed_person(row: object, say: Say) -> UserRecord:
    """The person of a row of `users`; InvalidError where it is none."""
    if not isinstance(row, dict):
        raise InvalidError("Not a user: it is no object")
    person = known_person(row, say)
    if not is_as_told(row):
        if person.email != text_of(row.get("email")):
            say_made_up(person, say)
        _say_left_out(f"the user {person.full_name or person.email}", row, say)
    return person


def known_person(row: Mapping[str, Any], say: Say) -> UserRecord:
    """The person of a row, as they were where it is one of ours."""
    person = person_of(row, say)
    return restored_person(row.get(KEY), person) if is_as_told(row) else person


def person_of(row: Mapping[str, Any], say: Say) -> UserRecord:
    """The person, whose address is made up where there is none; only who is active in Ghost is active."""
    name = text_of(row.get("name")) or text_of(row.get("slug"))
    identity = text_of(row.get("id"))
    email = text_of(row.get("email"))
    if not email or not email.strip():
        name = name or (f"Author {identity}" if identity else "Author")
        email = placeholder_email(name)
    return UserRecord(
        email=email,
        full_name=name,
        is_active=row.get("status") == "active",
        created_at=instant("created_at", row, say),
        updated_at=instant("updated_at", row, say),
    )


def say_made_up(person: UserRecord, say: Say) -> None:
    """Report that the person's address is not theirs."""
    say(NoteCode.AUTHOR_CREATED, f"{person.full_name} has no e-mail address; they became {person.email}")


def instant(name: str, row: Mapping[str, Any], say: Say) -> datetime | None:
    """The instant of a column; None, and a note, where it is none."""
    try:
        return instant_of(row.get(name))
    except ValueError:
        say(NoteCode.DATE_INFERRED, f"{name} is no date, so there is none: {quoted(row.get(name))}")
        return None


def listed_tag(row: object, say: Say) -> TagRecord:
    """The tag of a row of `tags`; InvalidError where it has no name."""
    name = name_of_tag(row)
    if name is None or not isinstance(row, dict):
        raise InvalidError("Not a tag: it has no name")
    _say_left_out(f"the tag {name}", row, say)
    return TagRecord(name=name)


def name_of_tag(row: object) -> str | None:
    """The name of a tag, or the text that stands instead of one; None where there is none."""
    return text_of(row.get("name") if isinstance(row, dict) else row)


def _say_left_out(what: str, row: Mapping[str, Any], say: Say) -> None:
    names = sorted(
        name
        for name, value in row.items()
        if name not in _TAKEN | _TECHNICAL and not is_empty(value) and value not in _DEFAULTS.get(name, ())
    )
    if names == ["slug"] and _is_plain_slug(row):
        return
    if names:
        say(NoteCode.NOT_IMPORTED, f"{what}: fields that are not supported: {', '.join(names)}")


def _is_plain_slug(row: Mapping[str, Any]) -> bool:
    plain = slugify_title(text_of(row.get("name")) or "")
    # A row of our own writing has a slug because Ghost needs one; Ghost puts "hash" before those of internal tags.
    return row.get("slug") in (plain, f"hash-{plain}")
