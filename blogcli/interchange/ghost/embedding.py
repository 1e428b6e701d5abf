"""Embed records in a Ghost export, and load them from the export again.

Ghost has no columns for some fields of a record, so each row of a post or a user also contains the record as JSON. The
JSON is a text, not an object, because programs that process the file may change numbers and characters in objects.

The row also contains a fingerprint of its values. The embedded record is used only if the fingerprint shows that the
row is unmodified. Otherwise, the columns of the row are used.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from ...text.limits import UNSTORABLE
from .. import embedded_record
from ..content_format import is_html
from ..records import PostRecord, UserRecord
from .values import is_empty

RECORD_COLUMN = "blogcli"
FINGERPRINT_COLUMN = "blogcli_fingerprint"
# The fingerprint ignores the columns of blogcli, and the ids, which both tables of a post contain.
_IGNORED_COLUMNS = {RECORD_COLUMN, FINGERPRINT_COLUMN, "id", "post_id"}


def dump_post(post: PostRecord) -> str:
    """Serialize a post, without its content if the content can be restored exactly from Ghost's own column."""
    is_restorable = bool(post.content.strip()) and UNSTORABLE.search(post.content) is None and not is_html(post)
    return embedded_record.dump(post, without="content" if is_restorable else "")


def dump_user(user: UserRecord) -> str:
    """Serialize a user without the password hash."""
    return embedded_record.dump(user)


def fingerprint(row: Mapping[str, Any], **related: Sequence[str | None]) -> str:
    """Return a hash of the values of a row and of the names in related rows, which changes if they are modified."""
    values = {name: value for name, value in row.items() if name not in _IGNORED_COLUMNS and not is_empty(value)}
    return blake2b(json.dumps([values, related], sort_keys=True).encode(), digest_size=16).hexdigest()


def is_unmodified(row: Mapping[str, Any], **related: Sequence[str | None]) -> bool:
    """Return whether blogcli wrote a row, and neither the row nor the names in related rows were modified since."""
    return FINGERPRINT_COLUMN in row and bool(row[FINGERPRINT_COLUMN] == fingerprint(row, **related))


def load_post(record: object, default: PostRecord) -> PostRecord:
    """Return the post in a record column, or `default` if the column is missing or damaged.

    The content is that of `default` if the post was serialized without its content.
    """
    return embedded_record.load_post(record, content=default.content) or default


def load_user(record: object, default: UserRecord) -> UserRecord:
    """Return the user in a record column, or `default` if the column is missing or damaged."""
    return embedded_record.load_user(record) or default
