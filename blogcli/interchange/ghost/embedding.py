"""Embed records in a Ghost export, and load the embedded records.

Ghost has no columns for some fields of a record, so the row of each post and each user also contains the record as
JSON. The JSON is embedded as a string, not as an object, because programs that process the file may change numbers and
characters inside objects.

The row also contains a fingerprint of its values. An import loads the embedded record only if the fingerprint shows
that the row was not modified after the export. Otherwise, the import reads the columns of the row.
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
# The columns that the fingerprint ignores. They are the columns that blogcli adds, and ids, which only identify a post
# or a user.
_IGNORED_COLUMNS = {RECORD_COLUMN, FINGERPRINT_COLUMN, "id", "post_id"}


def dump_post(post: PostRecord) -> str:
    """Serialize a post. The content is omitted if it can be restored exactly from the column `lexical`."""
    is_restorable = bool(post.content.strip()) and UNSTORABLE.search(post.content) is None and not is_html(post)
    return embedded_record.dump(post, without="content" if is_restorable else "")


def dump_user(user: UserRecord) -> str:
    """Serialize a user without the password hash."""
    return embedded_record.dump(user)


def fingerprint(row: Mapping[str, Any], **related: Sequence[str | None]) -> str:
    """Return a hash of the values of a row and of values from related rows, such as the names of tags.

    The hash serves to detect modifications.
    """
    values = {name: value for name, value in row.items() if name not in _IGNORED_COLUMNS and not is_empty(value)}
    return blake2b(json.dumps([values, related], sort_keys=True).encode(), digest_size=16).hexdigest()


def is_unmodified(row: Mapping[str, Any], **related: Sequence[str | None]) -> bool:
    """Return whether blogcli wrote a row, and neither the row nor the values from related rows were modified later."""
    return FINGERPRINT_COLUMN in row and bool(row[FINGERPRINT_COLUMN] == fingerprint(row, **related))


def load_post(record: object, default: PostRecord) -> PostRecord:
    """Return the post that is serialized in `record`, or `default` if `record` is missing or damaged.

    A post that was serialized without its content gets the content of `default`.
    """
    return embedded_record.load_post(record, content=default.content) or default


def load_user(record: object, default: UserRecord) -> UserRecord:
    """Return the user that is serialized in `record`, or `default` if `record` is missing or damaged."""
    return embedded_record.load_user(record) or default
