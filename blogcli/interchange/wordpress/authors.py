"""Convert the authors and the creators of items in WordPress exports to users."""

from typing import Final

from ...text.emails import normalize_email, placeholder_email
from ...text.truncate_repr import quoted
from ..notes import NoteCode, OnNote
from ..records import UserRecord
from .export_file.xml_reader import Element
from .plain_text import plain_text

_NAMES: Final = ("author_login", "author_first_name", "author_last_name")


def read_author(author: Element, on_note: OnNote) -> UserRecord:
    """Convert a <wp:author> element to a user.

    If the author has no e-mail address, the user gets a placeholder address.
    """
    login = plain_text(author.child("wp:author_login"))
    full_name = _read_full_name(author) or login or None
    email = author.child("wp:author_email").strip()
    if not email:
        email = placeholder_email(login or full_name or "")
        description = full_name or "an author without a name"
        on_note(NoteCode.AUTHOR_CREATED, f"{description} has no e-mail address; created as {email}")
    return UserRecord(email=email, full_name=full_name, is_active=False)


def note_unsupported_names(author: Element, user: UserRecord, on_note: OnNote) -> None:
    """Report the login, the first name and the last name of an author as fields that are not supported.

    A name is not reported if it is part of the e-mail address or the full name of `user`.
    """
    known_names = f"{user.email} {user.full_name}".casefold()
    unsupported = [name for name in _NAMES if plain_text(author.child(f"wp:{name}")).casefold() not in known_names]
    if unsupported:
        user_name = user.full_name or user.email
        fields = ", ".join(unsupported)
        on_note(NoteCode.NOT_IMPORTED, f"the user {user_name}: fields that are not supported: {fields}")


def read_creator(creator: str, on_note: OnNote) -> UserRecord:
    """Convert the text of a <dc:creator> element to a user.

    The text is a login, an e-mail address or a name. WordPress does not write names, but other programs do. If the
    export lists the creator as an author, use `read_author` instead.
    """
    name = plain_text(creator)
    email = _parse_email(name)
    if email is not None:
        on_note(NoteCode.AUTHOR_INFERRED, f"{email} is not an author of the export; used as an e-mail address")
        return UserRecord(email=email, is_active=False)
    email = placeholder_email(name)
    on_note(NoteCode.AUTHOR_CREATED, f"{quoted(name)} is not an author of the export; created as {email}")
    return UserRecord(email=email, full_name=name, is_active=False)


def _parse_email(text: str) -> str | None:
    try:
        return normalize_email(text, is_deliverable=False)
    except ValueError:
        return None


def _read_full_name(author: Element) -> str:
    parts = (plain_text(author.child(f"wp:author_{part}_name")) for part in ("first", "last"))
    return plain_text(author.child("wp:author_display_name")) or " ".join(filter(None, parts))
