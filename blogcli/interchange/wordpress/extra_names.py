"""The fields of `extra["wordpress"]`, and access to their values.

`extra["wordpress"]` holds what a WordPress item contains beyond the fields of a post. A field has the name of the
element that it was read from, without the prefix, and its value is a text unless stated otherwise. Empty values and
the default values of WordPress are omitted. `extra["wordpress"]` itself is omitted if no field remains.

    guid              the text of <guid>; `guid_is_permalink: "true"` if its attribute isPermaLink is true
    link, description, pubDate      (pubDate only if it differs from the dates of the post)
    post_id, post_parent, menu_order, is_sticky, comment_status, ping_status, post_password, post_name
                      (post_name only if it differs from the slug)
    post_date         the local date if it differs from the date in GMT
    post_modified     the local date of modification if it differs from the one in GMT
    status            the WordPress status if it says more than the status of the post: private, pending, auto-draft
                      and unknown ones; publish and future if the post became a draft because access is restricted;
                      for a post in the trash, the status that it had before
    title, excerpt    the original text if it contained markup
    content_format    html if content and excerpt were kept as HTML
    feature_image     the address of the post's thumbnail, which the meta _thumbnail_id refers to
    categories        list of {"domain", "nicename", "name"}: all <category>, including those that became tags
    postmeta          list of {"key", "value"}: all <wp:postmeta> except those whose key begins with _blogcli_
    comments          list of maps, one for each <wp:comment>: its elements by name (comment_id, comment_author ...)
                      and "commentmeta": list of {"key", "value"}
    elements          list of {"name", "attributes", "text", "children"}: all elements that WordPress itself does not
                      write; `name` includes its prefix (`wp:`, `dc:`, `content:`, `excerpt:`) or {namespace}, and
                      empty attributes, texts and lists of children are omitted
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ..records import PostRecord

ExtraFields: TypeAlias = Mapping[str, Any]

EXTRA_KEY: Final = "wordpress"

# Elements of <item> in the namespace wp that have a default value in WordPress, which is not stored.
DEFAULTS: Final = {
    "post_parent": "0",
    "menu_order": "0",
    "is_sticky": "0",
    "comment_status": "open",
    "ping_status": "open",
}
# Elements of <item> in the namespace wp whose text is stored unchanged.
COPIED_ELEMENTS: Final = ("post_id", *DEFAULTS, "post_password")
# The keys of the metas from which blogcli restores its own posts begin with this prefix.
OWN_META_PREFIX: Final = "_blogcli_"
# The key of the meta that contains the number of the attachment which is the image of the post.
THUMBNAIL_META: Final = "_thumbnail_id"


def get_extra_fields(post: PostRecord) -> ExtraFields:
    """Return `extra["wordpress"]` of a post, or an empty mapping if there is none."""
    fields = post.extra.get(EXTRA_KEY)
    return fields if isinstance(fields, Mapping) else {}


def get_text(fields: ExtraFields, name: str) -> str:
    """Return a field as a string, or an empty string if the field is missing or has another type."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def get_maps(fields: ExtraFields, name: str) -> list[ExtraFields]:
    """Return the maps in a field that is a list, or an empty list if the field is missing or has another type."""
    values = fields.get(name)
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
