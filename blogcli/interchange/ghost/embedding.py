"""Embed records in a Ghost export, and load them from it again.

Ghost cannot represent everything that a record contains, so each row of a post or a user has a column with the record
as JSON. It is a text, not an object, because programs that process the file may change numbers and characters in
objects. A record is loaded from there only if the fingerprint of the row shows that the row is unmodified; otherwise
the other columns take precedence.
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
# The fingerprint ignores its own columns, and those that both tables of a post contain.
_IGNORED_COLUMNS = {RECORD_COLUMN, FINGERPRINT_COLUMN, "id", "post_id"}


def dump_post(post: PostRecord) -> str:
    """Serialize a post, without the content if Ghost's own column can restore it exactly."""
    is_restorable = bool(post.content.strip()) and UNSTORABLE.search(post.content) is None and not is_html(post)
    return embedded_record.dump(post, without="content" if is_restorable else "")


def dump_user(user: UserRecord) -> str:
    """Serialize a user without the password hash."""
    return embedded_record.dump(user)


def fingerprint(row: Mapping[str, Any], **related: Sequence[str | None]) -> str:
    """Return a hash of the values of a row and of the related names, by which modifications are detected."""
    values = {name: value for name, value in row.items() if name not in _IGNORED_COLUMNS and not is_empty(value)}
    return blake2b(json.dumps([values, related], sort_keys=True).encode(), digest_size=16).hexdigest()


def is_unmodified(row: Mapping[str, Any], **related: Sequence[str | None]) -> bool:
    """Return whether blogcli wrote a row, and neither the row nor its related names were modified since."""
    return FINGERPRINT_COLUMN in row and bool(row[FINGERPRINT_COLUMN] == fingerprint(row, **related))


def load_post(record: object, default: PostRecord) -> PostRecord:
    """Return the post in a record column; `default` if the column is missing or damaged.

    The content is that of `default` if the post was serialized without it.
    """
    return embedded_record.load_post(record, content=default.content) or default


def load_user(record: object, default: UserRecord) -> UserRecord:
    """Return the user in a record column; `default` if the column is missing or damaged."""
    return embedded_record.load_user(record) or default
