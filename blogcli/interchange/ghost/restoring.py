"""What Ghost has no field for, kept beside each post and person under a key of our own, and put back from there.

It is a text and not an object: whoever reads the file in between leaves its numbers and characters as they are.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from .. import keeping
from ..record import PostRecord, UserRecord
from .limits import UNSTORABLE

KEY, TOLD = "blogcli", "blogcli_told"
# Of a row, what a person can change.
_TELLING = ("title", "slug", "lexical", "html", "custom_excerpt", "status", "visibility", "published_at", "featured")


def kept_post(post: PostRecord) -> str:
    """All of the post but its content, which stands in Ghost's own field unless it would not come back from there."""
    is_plain = bool(post.content.strip()) and UNSTORABLE.search(post.content) is None
    return keeping.kept(post, without="content" if is_plain else "")


def kept_person(person: UserRecord) -> str:
    """All of the person but the hash of the password."""
    return keeping.kept(person)


def told(row: Mapping[str, Any], tags: Iterable[str]) -> str:
    """What tells a row as it is written, with its tags, from one that was changed since."""
    said = json.dumps([*(row.get(name) for name in _TELLING), *sorted(set(tags))])
    return blake2b(said.encode(), digest_size=16).hexdigest()


def restored(own: object, post: PostRecord) -> PostRecord:
    """The post that was written, from what is under our key; the given one where that is missing or damaged."""
    return keeping.restored_post(own, content=post.content) or post


def restored_person(own: object, person: UserRecord) -> UserRecord:
    """The person who was written, likewise; never with a hash."""
    return keeping.restored_person(own) or person
