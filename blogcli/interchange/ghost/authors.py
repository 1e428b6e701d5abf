"""Convert the users in Ghost exports, who are the authors and editors of posts, to user records."""

from collections.abc import Mapping
from typing import Any

from ...errors import InvalidError
from ...text.emails import placeholder_email
from ..notes import NoteCode, OnNote
from ..records import UserRecord
from .dates import read_date
from .embedding import RECORD_COLUMN, is_unmodified, load_user
from .unsupported_fields import note_unsupported_fields
from .values import as_text


def read_user(row: object, on_note: OnNote) -> UserRecord:
    """Convert a row of the table `users` to a user record, and add notes about values that are not imported.

    Raises InvalidError if the row is not a JSON object.
    """
    if not isinstance(row, dict):
        raise InvalidError("Not a user: it is not an object")
    user = load_or_parse_user(row, on_note)
    if not is_unmodified(row):
        if user.email != as_text(row.get("email")):
            note_created_address(user, on_note)
        note_unsupported_fields(f"the user {user.full_name or user.email}", row, on_note)
    return user


def load_or_parse_user(row: Mapping[str, Any], on_note: OnNote) -> UserRecord:
    """Return the user record for a row.

    If blogcli wrote the row and the row was not modified after that, the record that is embedded in the row is
    returned. Otherwise, the columns of the row are parsed.
    """
    user = parse_user(row, on_note)
    return load_user(row.get(RECORD_COLUMN), user) if is_unmodified(row) else user


def parse_user(row: Mapping[str, Any], on_note: OnNote) -> UserRecord:
    """Convert the columns of a row to a user record.

    If the row contains no e-mail address, the user gets a placeholder address. The user is active only if the column
    `status` contains "active".
    """
    name = as_text(row.get("name")) or as_text(row.get("slug"))
    ghost_id = as_text(row.get("id"))
    email = as_text(row.get("email"))
    if not email or not email.strip():
        name = name or (f"Author {ghost_id}" if ghost_id else "Author")
        email = placeholder_email(name)
    return UserRecord(
        email=email,
        full_name=name,
        is_active=row.get("status") == "active",
        created_at=read_date("created_at", row, on_note),
        updated_at=read_date("updated_at", row, on_note),
    )


def note_created_address(user: UserRecord, on_note: OnNote) -> None:
    """Add a note that a user without an e-mail address was created with a placeholder address."""
    on_note(NoteCode.AUTHOR_CREATED, f"{user.full_name} has no e-mail address; created as {user.email}")
