"""The people of WordPress: those an export names, and those it only mentions."""

from typing import Final

from ...text.emails import normalize_email, placeholder_email
from ..notes import NoteCode
from ..records import UserRecord
from ..truncate_repr import quoted
from .character_references import plain
from .dates import Say
from .xml_reader import Element

_NAMES: Final = ("author_login", "author_first_name", "author_last_name")


def person_of(author: Element, say: Say) -> UserRecord:
    """A <wp:author>; an address is made up for who has none."""
    login = plain(author.child("wp:author_login"))
    full_name = _full_name(author) or login or None
    email = author.child("wp:author_email").strip()
    if not email:
        email = placeholder_email(login or full_name or "")
        say(NoteCode.AUTHOR_CREATED, f"{full_name or 'an author without a name'} has no address; it became {email}")
    return UserRecord(email=email, full_name=full_name, is_active=False)


def say_left_out(author: Element, person: UserRecord, say: Say) -> None:
    """Report the names of an author that say something which address and full name of the person do not."""
    said = f"{person.email} {person.full_name}".casefold()
    names = [name for name in _NAMES if plain(author.child(f"wp:{name}")).casefold() not in said]
    if names:
        who = person.full_name or person.email
        say(NoteCode.NOT_IMPORTED, f"the user {who}: fields that are not supported: {', '.join(names)}")


def mentioned_person(creator: str, say: Say) -> UserRecord:
    """Whom only an item names, by a login or, from other generators, by a name."""
    name = plain(creator)
    if (email := _address_in(name)) is not None:
        say(NoteCode.AUTHOR_INFERRED, f"{email} is no author of the export; it was taken for the address of one")
        return UserRecord(email=email, is_active=False)
    email = placeholder_email(name)
    say(NoteCode.AUTHOR_CREATED, f"{quoted(name)} is no author of the export; the address became {email}")
    return UserRecord(email=email, full_name=name, is_active=False)


def _address_in(name: str) -> str | None:
    try:
        return normalize_email(name, is_deliverable=False)
    except ValueError:
        return None


def _full_name(author: Element) -> str:
    parts = (plain(author.child(f"wp:author_{part}_name")) for part in ("first", "last"))
    return plain(author.child("wp:author_display_name")) or " ".join(filter(None, parts))
