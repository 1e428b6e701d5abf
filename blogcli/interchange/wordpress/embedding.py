"""Embed records in a WordPress export, and load the embedded records.

WordPress cannot represent everything that a record contains, so each record is also written as JSON next to the
elements that WordPress reads. A post is loaded from the JSON only if a fingerprint shows that the item of the post was
not modified in WordPress. Otherwise, only the UUID of the post is loaded from the JSON, and everything else is read
from the elements of WordPress.
"""

import json
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

from ...text.json_text import parse_json
from .. import embedded_record
from ..records import PostRecord, TagRecord, UserRecord
from ..xml_text import UNWRITABLE, cdata
from .export_file.xml_reader import Element
from .extra_fields import get_meta, iter_metas
from .extra_names import DEFAULTS, OWN_META_PREFIX, THUMBNAIL_META, get_extra_fields, get_text
from .namespaces import OWN
from .taxonomies import list_assigned_terms

_RECORD_ELEMENT: Final = "blogcli:record"
_PARSED_RECORD_ELEMENT: Final = f"{{{OWN}}}record"
_POST_META: Final = f"{OWN_META_PREFIX}post"
_FINGERPRINT_META: Final = f"{OWN_META_PREFIX}fingerprint"
# The fingerprint of an item includes the following elements, because users can edit them in WordPress.
_EDITABLE_ELEMENTS: Final = (
    *("title", "dc:creator", "content:encoded", "excerpt:encoded"),
    *("wp:post_name", "wp:status", "wp:post_date_gmt", "wp:post_password"),
)
# The fingerprint of an item includes the following fields of its comments. WordPress may change the other fields, such
# as comment_id, when it imports the item.
_COMMENT_FIELDS: Final = ("author", "author_email", "date_gmt", "content", "approved")
# The fingerprint ignores meta fields whose keys begin with one of these prefixes, because programs create such fields
# even if no user edits the post.
_AUTOMATIC_META_PREFIXES: Final = (
    *(OWN_META_PREFIX, THUMBNAIL_META, "_edit_", "_wp_old_", "_wp_trash_", "_wp_desired_"),
    *("_oembed_", "_pingme", "_encloseme", "_trackbackme", "enclosure"),
)


def make_post_metas(post: PostRecord, item: Element) -> dict[str, str]:
    """Return the keys and values of the meta fields that embed a post in its item.

    One meta field contains the record of the post, and the other contains the fingerprint of the item.
    """
    record = _escape_unwritable(embedded_record.dump(post))
    return {_POST_META: record, _FINGERPRINT_META: _make_fingerprint(item)}


def load_post(item: Element) -> PostRecord | None:
    """Return the post embedded in an item, or None if the item has no embedded post or was modified in WordPress."""
    fingerprint = get_meta(item, _FINGERPRINT_META)
    is_unmodified = bool(fingerprint) and fingerprint == _make_fingerprint(item)
    return embedded_record.load_post(get_meta(item, _POST_META)) if is_unmodified else None


def load_uuid(item: Element) -> UUID | None:
    """Return the UUID of the post embedded in an item, even if the item was modified in WordPress.

    Returns None if the item has no embedded post or is a copy that was made in WordPress.
    """
    post = embedded_record.load_post(get_meta(item, _POST_META))
    if post is None:
        return None
    # WordPress gives each copy of a post a new guid. If the guid of the item is not the guid with which the post was
    # exported, the item is a copy.
    return post.uuid if item.child("guid").strip() == format_guid(post) else None


def format_guid(post: PostRecord) -> str:
    """Return the guid to write for a post: the imported guid, or else the UUID of the post as a URN."""
    return get_text(get_extra_fields(post), "guid").strip() or post.uuid.urn


def format_user_element(user: UserRecord) -> str:
    """Return the XML of the element that embeds a user in a <wp:author>."""
    return cdata(_RECORD_ELEMENT, _escape_unwritable(embedded_record.dump(user)))


def load_user(author: Element) -> UserRecord | None:
    """Return the user embedded in a <wp:author>, or None if the element contains no embedded user."""
    return embedded_record.load_user(author.child(_PARSED_RECORD_ELEMENT))


def format_tag_element(tag: TagRecord) -> str:
    """Return the XML of the element that embeds a tag in a <wp:tag>."""
    return cdata(_RECORD_ELEMENT, _escape_unwritable(json.dumps(tag.name, ensure_ascii=False)))


def load_tag(term: Element) -> TagRecord | None:
    """Return the tag embedded in a <wp:tag>, or None if the element contains no embedded tag."""
    try:
        name = parse_json(term.child(_PARSED_RECORD_ELEMENT))
    except ValueError:
        return None
    return TagRecord(name=name) if isinstance(name, str) and name else None


def _make_fingerprint(item: Element) -> str:
    texts = [item.child(name) for name in _EDITABLE_ELEMENTS]
    flags = [item.child(f"wp:{name}").strip() or default for name, default in DEFAULTS.items()]
    terms = sorted(list_assigned_terms(item))
    metas = sorted([key, value] for key, value in iter_metas(item) if not key.startswith(_AUTOMATIC_META_PREFIXES))
    comments = sorted(
        [child.child(f"wp:comment_{name}") for name in _COMMENT_FIELDS]
        for child in item.children
        if child.name == "wp:comment"
    )
    values: list[Any] = [texts, flags, terms, metas, comments]
    return blake2b(json.dumps(values).encode(), digest_size=16).hexdigest()


def _escape_unwritable(text: str) -> str:
    """In a JSON document, escape the characters that XML does not allow.

    These characters occur only inside JSON strings, so they can be written as JSON escape sequences.
    """
    return UNWRITABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
