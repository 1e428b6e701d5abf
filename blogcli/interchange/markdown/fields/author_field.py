"""Write and read the author of an exported post.

Site generators read the author from the visible field `author`. Hidden fields identify the user if the visible field
does not.
"""

from pydantic import JsonValue

from ....errors import InvalidError
from ....text.emails import placeholder_email
from ...notes import NoteCode
from ...records import UserRecord
from .. import values
from ..values import Fields
from .authors import pop_author
from .reader import FieldReader

# The name of the visible field, which site generators read.
_VISIBLE_NAME = "author"
# The names of the hidden fields, which the module `flavors` writes into the map `blogcli`.
_HIDDEN_EMAIL = "author"
_HIDDEN_FULL_NAME = "full_name"


def author_fields(email: str | None, full_name: str | None) -> tuple[str | None, Fields]:
    """Return the value of the visible field `author`, and the hidden fields.

    If the full name is known, the hidden fields repeat it, so that an import can recognize whether a user edited the
    visible field.
    """
    if email is None:
        return None, {}
    if full_name is None:
        return email, {} if _is_read_unchanged(email) else {_HIDDEN_EMAIL: email}
    hidden: Fields = {} if placeholder_email(full_name) == email else {_HIDDEN_EMAIL: email}
    return full_name, hidden | {_HIDDEN_FULL_NAME: full_name}


def pop_author_fields(reader: FieldReader, hidden: Fields) -> tuple[str | None, UserRecord | None]:
    """Return the e-mail address of the author, and a user record if the fields contain the full name of the author.

    Both values are None if the fields contain no author. Fields that are converted completely are removed.
    """
    email = _pop_text(hidden, _HIDDEN_EMAIL)
    full_name = _pop_text(hidden, _HIDDEN_FULL_NAME)
    visible = reader.fields.pop(_VISIBLE_NAME, None)
    if full_name is not None and visible == full_name:
        author = placeholder_email(full_name) if email is None else email
        return author, UserRecord(email=author, full_name=full_name, is_active=False)
    if email is not None and visible == email:
        return email, None
    if values.is_blank(visible):
        return None, None
    return _pop_edited_author(reader, visible)


def _pop_edited_author(reader: FieldReader, visible: JsonValue) -> tuple[str | None, UserRecord | None]:
    """Return the e-mail address and the user record of the author that a user typed into the visible field.

    The field stays in `reader.fields` if it contains more than the name and the e-mail address of one author.
    """
    edited = reader.within({_VISIBLE_NAME: visible})
    person = pop_author(edited)
    reader.fields.update(edited.fields)
    if person is None:
        return None, None
    return person.email, person if person.full_name else None


def _is_read_unchanged(email: str) -> bool:
    """Return whether `pop_author` reads `email` in the visible field as a user with this address and no name."""
    return pop_author(FieldReader({_VISIBLE_NAME: email}, _ignore_error)) == UserRecord(email=email, is_active=False)


def _ignore_error(_code: NoteCode, _error: InvalidError) -> None: ...


def _pop_text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    if isinstance(value, str):
        del fields[name]
        return value
    return None
