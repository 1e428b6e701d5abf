"""Who wrote a post, in our own files: a name for those who read it, and what leads back to the person."""

from ....errors import InvalidError
from ....text.emails import placeholder_email
from ...notes import NoteCode
from ...records import UserRecord
from .. import values
from ..values import Fields
from .authors import pop_author
from .reader import FieldReader

_SHOWN = "author"
_EMAIL, _FULL_NAME = "author", "full_name"


def author_fields(email: str | None, full_name: str | None) -> tuple[str | None, Fields]:
    """What `author` says, and what is to be kept beside it, out of sight.

    The name is kept as it was written: where it differs from what is seen, a person has changed that.
    """
    if email is None:
        return None, {}
    if full_name is None:
        return email, {} if _is_plain(email) else {_EMAIL: email}
    kept: Fields = {} if placeholder_email(full_name) == email else {_EMAIL: email}
    return full_name, kept | {_FULL_NAME: full_name}


def pop_author_fields(reader: FieldReader, kept: Fields) -> tuple[str | None, UserRecord | None]:
    """The address of the author, and who that is where a name is known; what was kept is taken out."""
    email, full_name = _pop_text(kept, _EMAIL), _pop_text(kept, _FULL_NAME)
    shown = reader.fields.pop(_SHOWN, None)
    if full_name is not None and shown == full_name:
        return _named(placeholder_email(full_name) if email is None else email, full_name)
    if email is not None and shown == email:
        return email, None
    if values.is_blank(shown):
        return None, None
    changed = reader.within({_SHOWN: shown})
    person = pop_author(changed)
    reader.fields.update(changed.fields)
    return (person.email, person if person.full_name else None) if person else (None, None)


def _named(email: str, full_name: str) -> tuple[str, UserRecord]:
    return email, UserRecord(email=email, full_name=full_name, is_active=False)


def _is_plain(email: str) -> bool:
    return pop_author(FieldReader({_SHOWN: email}, _ignore)) == UserRecord(email=email, is_active=False)


def _ignore(_code: NoteCode, _error: InvalidError) -> None: ...


def _pop_text(fields: Fields, name: str) -> str | None:
    value = fields.get(name)
    if isinstance(value, str):
        del fields[name]
        return value
    return None
