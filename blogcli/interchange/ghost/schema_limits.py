"""What Ghost's columns take: one value that they do not is enough for Ghost to import nothing at all."""

import re
from datetime import datetime
from hashlib import blake2b

from ...dates import rfc_3339
from ...text.emails import placeholder_email
from ...text.limits import UNSTORABLE

# Source: data/schema/schema.js in TryGhost/Ghost.
MAX_TITLE, MAX_SLUG, MAX_EXCERPT, MAX_NAME = 255, 191, 300, 191
_MAX_ADDRESS, _MAX_LOCAL_PART = 191, 64
# Not quite all that Ghost takes, but nothing else. Source: lib/is-email.js in @tryghost/validator.
_ATOM = r"[a-z\d!#$%&'*+/=?^_`{|}~\xa0-\ud7ff-]+"
_LABEL = r"(?!-)[a-z\d\xa1-\ud7ff-]{1,63}(?<!-)\."
_ADDRESS = re.compile(
    rf"(?P<local>{_ATOM}(\.{_ATOM})*)@({_LABEL})+([a-z\xaa-\ud7ff]{{2,63}}|xn--[a-z\d]{{2,59}})", re.ASCII
)


def storable(text: str) -> str:
    """Return the text with U+FFFD for characters that not every database of Ghost can store."""
    return UNSTORABLE.sub("\ufffd", text)


def row_id(kind: str, *what: object) -> str:
    """The id, 24 hexadecimal digits and always the same, of the row that these tell from others of its kind."""
    text = "\0".join([kind, *map(str, what)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def instant(moment: datetime | None) -> str | None:
    """The instant in UTC, to the millisecond."""
    if moment is None:
        return None
    return rfc_3339(moment, timespec="milliseconds")


def address(email: str, row: str) -> str:
    """The address, or one that reaches nobody, made of the id of its row, where Ghost takes it for none."""
    found = _ADDRESS.fullmatch(email.lower())
    is_short = len(email) <= _MAX_ADDRESS and found and len(found["local"].encode()) <= _MAX_LOCAL_PART
    return email if is_short else placeholder_email(row)


def cut(text: str, length: int) -> str:
    """The text, or its beginning where it is too long."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def short_slug(slug: str, row: str) -> str:
    """The slug, or its beginning and the id of its row where it is too long."""
    return slug if len(slug) <= MAX_SLUG else _with_id(slug, row)


def free_slug(slug: str, row: str, taken: set[str]) -> str:
    """The slug, with the id of its row where it is too long or taken; taken from now on."""
    free = _with_id(slug, row) if slug in taken else short_slug(slug, row)
    taken.add(free)
    return free


def _with_id(slug: str, row: str) -> str:
    return f"{slug[: MAX_SLUG - len(row) - 1]}-{row}"
