"""Change values so that they fit into the columns of Ghost. Ghost rejects a whole file if one value does not fit."""

import re
from hashlib import blake2b

from ...text.emails import placeholder_email
from ...text.limits import UNSTORABLE

# The maximum lengths of columns in characters. Source: data/schema/schema.js in TryGhost/Ghost.
MAX_TITLE = 255
MAX_SLUG = 191
MAX_EXCERPT = 300
MAX_NAME = 191
_MAX_ADDRESS = 191
_MAX_LOCAL_PART = 64
# The patterns for e-mail addresses are stricter than those of Ghost: Ghost accepts every address that `_ADDRESS`
# matches, and also some other addresses. Source: lib/is-email.js in @tryghost/validator.
_ATOM = r"[a-z\d!#$%&'*+/=?^_`{|}~\xa0-\ud7ff-]+"
_LABEL = r"(?!-)[a-z\d\xa1-\ud7ff-]{1,63}(?<!-)\."
_ADDRESS = re.compile(
    rf"(?P<local>{_ATOM}(\.{_ATOM})*)@({_LABEL})+([a-z\xaa-\ud7ff]{{2,63}}|xn--[a-z\d]{{2,59}})", re.ASCII
)


def replace_unstorable(text: str) -> str:
    """Replace the characters that a database of Ghost cannot store by U+FFFD."""
    return UNSTORABLE.sub("\ufffd", text)


def make_row_id(kind: str, *key: object) -> str:
    """Return an id of 24 hexadecimal digits for a row. The id depends only on `kind` and `key`."""
    text = "\0".join([kind, *map(str, key)])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def make_valid_address(email: str, row_id: str) -> str:
    """Return the e-mail address or, if Ghost would reject the address, a placeholder that contains `row_id`."""
    match = _ADDRESS.fullmatch(email.lower())
    is_valid = len(email) <= _MAX_ADDRESS and match and len(match["local"].encode()) <= _MAX_LOCAL_PART
    return email if is_valid else placeholder_email(row_id)


def truncate(text: str, max_length: int) -> str:
    """Truncate a text that is longer than `max_length`. A truncated text ends with an ellipsis."""
    return text if len(text) <= max_length else f"{text[: max_length - 1].rstrip()}…"


def truncate_slug(slug: str, row_id: str) -> str:
    """Truncate a slug that is too long, and append `row_id` to the truncated slug."""
    return slug if len(slug) <= MAX_SLUG else _append_id(slug, row_id)


def make_unique_slug(slug: str, row_id: str, taken: set[str]) -> str:
    """Return a slug that is not in `taken`, and add the slug to `taken`.

    If the given slug is too long or already in `taken`, the returned slug ends with `row_id`.
    """
    unique_slug = _append_id(slug, row_id) if slug in taken else truncate_slug(slug, row_id)
    taken.add(unique_slug)
    return unique_slug


def _append_id(slug: str, row_id: str) -> str:
    return f"{slug[: MAX_SLUG - len(row_id) - 1]}-{row_id}"
