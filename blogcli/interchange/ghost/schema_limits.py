"""Change values so that they fit the columns of Ghost, which rejects a whole file if one value does not fit."""

import re
from hashlib import blake2b

from ...text.emails import placeholder_email
from ...text.limits import UNSTORABLE

# Source: data/schema/schema.js in TryGhost/Ghost.
MAX_TITLE = 255
MAX_SLUG = 191
MAX_EXCERPT = 300
MAX_NAME = 191
_MAX_ADDRESS = 191
_MAX_LOCAL_PART = 64
# This pattern rejects some addresses that Ghost accepts, but accepts none that Ghost rejects.
# Source: lib/is-email.js in @tryghost/validator.
_ATOM = r"[a-z\d!#$%&'*+/=?^_`{|}~\xa0-\ud7ff-]+"
_LABEL = r"(?!-)[a-z\d\xa1-\ud7ff-]{1,63}(?<!-)\."
_ADDRESS = re.compile(
    rf"(?P<local>{_ATOM}(\.{_ATOM})*)@({_LABEL})+([a-z\xaa-\ud7ff]{{2,63}}|xn--[a-z\d]{{2,59}})", re.ASCII
)


def replace_unstorable(text: str) -> str:
    """Return the text with U+FFFD in place of characters that not every database of Ghost can store."""
    return UNSTORABLE.sub("\ufffd", text)


def make_row_id(kind: str, *key: object) -> str:
    """Return an id of 24 hexadecimal digits for a row, which depends only on the kind and the key of the row."""
    text = "\0".join([kind, *map(str, key)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def make_valid_address(email: str, row_id: str) -> str:
    """Return the e-mail address, or a placeholder with the id of the row if Ghost would reject the address."""
    match = _ADDRESS.fullmatch(email.lower())
    is_valid = len(email) <= _MAX_ADDRESS and match and len(match["local"].encode()) <= _MAX_LOCAL_PART
    return email if is_valid else placeholder_email(row_id)


def truncate(text: str, max_length: int) -> str:
    """Return the text, truncated with an ellipsis if it is longer than `max_length`."""
    return text if len(text) <= max_length else f"{text[: max_length - 1].rstrip()}…"


def truncate_slug(slug: str, row_id: str) -> str:
    """Return the slug, or if it is too long, a truncated slug that ends with the id of the row."""
    return slug if len(slug) <= MAX_SLUG else _append_id(slug, row_id)


def make_unique_slug(slug: str, row_id: str, taken: set[str]) -> str:
    """Return the slug, with the id of the row at the end if it is too long or in `taken`, and add it to `taken`."""
    unique_slug = _append_id(slug, row_id) if slug in taken else truncate_slug(slug, row_id)
    taken.add(unique_slug)
    return unique_slug


def _append_id(slug: str, row_id: str) -> str:
    return f"{slug[: MAX_SLUG - len(row_id) - 1]}-{row_id}"
