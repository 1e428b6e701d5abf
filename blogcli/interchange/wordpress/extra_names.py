"""The names of the fields of `extra["wordpress"]`, and functions that return their values.

`extra["wordpress"]` contains the data of a WordPress item that the other fields of a post cannot represent. A field has
the name of the element from which it was read, without the prefix. Its value is a string unless stated otherwise. Empty
values and the default values of WordPress are omitted. `extra["wordpress"]` is omitted if it would be empty.

    guid
    guid_is_permalink "true" if the attribute isPermaLink of <guid> is true
    link, description, pubDate      (pubDate only if it differs from the dates of the post)
    post_id, post_parent, menu_order, is_sticky, comment_status, ping_status, post_password, post_name
                      (post_name only if it differs from the slug)
    post_date         the local date if it differs from the date in GMT
    post_modified     the local date of modification if it differs from the date of modification in GMT
    status            the WordPress status if the status of the post cannot represent it: private, pending, auto-draft
                      and unknown statuses, and also publish and future if the post became a draft because access is
                      restricted (for a post in the trash, this is the status before it was moved to the trash)
    title             the original title if it contained markup
    excerpt           the original excerpt if the import converted it to a different text
    content_format    "html" if the content was kept as HTML
    feature_image     the address of the image to which the meta field _thumbnail_id refers
    categories        list of {"domain", "nicename", "name"}: all <category> elements, also those that became tags
    postmeta          list of {"key", "value"}: all <wp:postmeta> elements except those whose key begins with _blogcli_
    comments          list of mappings, one for each <wp:comment>, with the texts of its children by name (comment_id,
                      comment_author ...) and with "commentmeta", a list of {"key", "value"}
    elements          list of {"name", "attributes", "text", "children"}: all other elements, such as those of plugins
                      (`name` includes the prefix wp:, dc:, content: or excerpt:, or {namespace}, and empty attributes,
                      texts and lists of children are omitted)
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ..records import PostRecord

ExtraFields: TypeAlias = Mapping[str, Any]

EXTRA_KEY: Final = "wordpress"

# The default values of elements of <item> in the namespace wp. Default values are not stored.
DEFAULTS: Final = {
    "post_parent": "0",
    "menu_order": "0",
    "is_sticky": "0",
    "comment_status": "open",
    "ping_status": "open",
}
# Elements of <item> in the namespace wp whose text is stored unchanged.
COPIED_ELEMENTS: Final = ("post_id", *DEFAULTS, "post_password")
# The prefix of the keys of the meta fields in which blogcli embeds its own posts.
OWN_META_PREFIX: Final = "_blogcli_"
# The key of the meta field that contains the number of the attachment with the image of the post.
THUMBNAIL_META: Final = "_thumbnail_id"


def get_extra_fields(post: PostRecord) -> ExtraFields:
    """Return `extra["wordpress"]` of a post, or an empty mapping if the post has none."""
    fields = post.extra.get(EXTRA_KEY)
    return fields if isinstance(fields, Mapping) else {}


def get_text(fields: ExtraFields, name: str) -> str:
    """Return a field as a string, or an empty string if the field is missing or has another type."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def get_maps(fields: ExtraFields, name: str) -> list[ExtraFields]:
    """Return the mappings in a field that is a list, or an empty list if the field is missing or has another type."""
    values = fields.get(name)
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
