"""What Ghost has no field for, kept beside each post and person under a key of our own, and put back from there.

It is a text and not an object: whoever reads the file in between leaves its numbers and characters as they are. It is
put back only where the row still says what it said: what somebody changed in the file holds.
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

KEY, TOLD = "blogcli", "blogcli_told"
# Beside those, what the two tables of a post have both.
_OWN = {KEY, TOLD, "id", "post_id"}


def kept_post(post: PostRecord) -> str:
    """All of the post but its content, which stands in Ghost's own field unless it would not come back from there."""
    is_plain = bool(post.content.strip()) and UNSTORABLE.search(post.content) is None and not is_html(post)
    return embedded_record.kept(post, without="content" if is_plain else "")


def kept_person(person: UserRecord) -> str:
    """All of the person but the hash of the password."""
    return embedded_record.kept(person)


def told(row: Mapping[str, Any], **related: Sequence[str | None]) -> str:
    """What tells a row as it is written, with what is related to it in this order, from one that was changed since."""
    said = {name: value for name, value in row.items() if name not in _OWN and not is_empty(value)}
    return blake2b(json.dumps([said, related], sort_keys=True).encode(), digest_size=16).hexdigest()


def is_as_told(row: Mapping[str, Any], **related: Sequence[str | None]) -> bool:
    """Whether it is a row of ours that says what it said when it was written."""
    return TOLD in row and bool(row[TOLD] == told(row, **related))


def restored(own: object, post: PostRecord) -> PostRecord:
    """The post that was written, from what is under our key; the given one where that is missing or damaged."""
    return embedded_record.restored_post(own, content=post.content) or post


def restored_person(own: object, person: UserRecord) -> UserRecord:
    """The person who was written, likewise; never with a hash."""
    return embedded_record.restored_person(own) or person
