"""What WordPress has no place for: records as they were, beside what it is told, and put back from there.

A post is put back only where WordPress says the same of it as it was told: what somebody changed there holds.
"""

import json
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from .. import embedded_record
from ..records import PostRecord, TagRecord, UserRecord
from ..xml_text import UNWRITABLE, cdata
from .extra_fields import meta_of, metas_of
from .extra_names import DEFAULTS, OWN_META, THUMBNAIL, kept_of, text_in
from .namespaces import OWN
from .taxonomies import categories_told
from .xml_reader import Element

_ELEMENT: Final = "blogcli:record"
_RECORD: Final = f"{{{OWN}}}record"
_POST: Final = f"{OWN_META}post"
_TOLD: Final = f"{OWN_META}told"
# Of an item, what a person can change in WordPress.
_TELLING: Final = (
    *("title", "dc:creator", "content:encoded", "excerpt:encoded"),
    *("wp:post_name", "wp:status", "wp:post_date_gmt", "wp:post_password"),
)
# Of a comment, what an import leaves as it is.
_OF_COMMENT: Final = ("author", "author_email", "date_gmt", "content", "approved")
# How the keys of those metas begin that WordPress writes by itself.
_AUTOMATIC: Final = (
    *(OWN_META, THUMBNAIL, "_edit_", "_wp_old_", "_wp_trash_", "_wp_desired_"),
    *("_oembed_", "_pingme", "_encloseme", "_trackbackme", "enclosure"),
)


def metas_to_restore(post: PostRecord, item: Element) -> dict[str, str]:
    """The metas from which the post is put back: itself, and what tells this item from a changed one."""
    return {_POST: _writable(embedded_record.kept(post)), _TOLD: _digest(item)}


def restored(item: Element) -> PostRecord | None:
    """The post of our own that an item is; None for any other, and for one that was changed since."""
    told = meta_of(item, _TOLD)
    return embedded_record.restored_post(meta_of(item, _POST)) if told and told == _digest(item) else None


def restored_identity(item: Element) -> UUID | None:
    """Which post of our own an item was before it was changed; None for any other, and for a copy of one."""
    post = embedded_record.restored_post(meta_of(item, _POST))
    if post is None:
        return None
    return post.uuid if item.child("guid").strip() == guid_of(post) else None


def guid_of(post: PostRecord) -> str:
    """The guid with which a post is written."""
    return text_in(kept_of(post), "guid").strip() or post.uuid.urn


def element_of_person(person: UserRecord) -> str:
    """The element from which the person is put back."""
    return cdata(_ELEMENT, _writable(embedded_record.kept(person)))


def restored_person(author: Element) -> UserRecord | None:
    """The person of our own that an author is; None for any other."""
    return embedded_record.restored_person(author.child(_RECORD))


def element_of_tag(tag: TagRecord) -> str:
    """The element from which the tag is put back."""
    return cdata(_ELEMENT, _writable(json.dumps(tag.name, ensure_ascii=False)))


def restored_tag(term: Element) -> TagRecord | None:
    """The tag of our own that a term is; None for any other."""
    try:
        name = json.loads(term.child(_RECORD))
    except (ValueError, RecursionError):
        return None
    return TagRecord(name=name) if isinstance(name, str) and name else None


def _digest(item: Element) -> str:
    texts = [item.child(name) for name in _TELLING]
    flags = [item.child(f"wp:{name}").strip() or default for name, default in DEFAULTS.items()]
    metas = [[key, value] for key, value in metas_of(item) if not key.startswith(_AUTOMATIC)]
    comments = [
        [each.child(f"wp:comment_{name}") for name in _OF_COMMENT]
        for each in item.children
        if each.name == "wp:comment"
    ]
    said: list[Any] = [texts, flags, sorted(categories_told(item)), sorted(metas), sorted(comments)]
    return blake2b(json.dumps(said).encode(), digest_size=16).hexdigest()


def _writable(text: str) -> str:
    # Within the texts of JSON, where alone these stand.
    return UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
