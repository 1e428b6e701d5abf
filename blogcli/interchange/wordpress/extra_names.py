"""The names of the fields in `extra["wordpress"]`, and functions that return the values of these fields.

`extra["wordpress"]` stores what a WordPress item contains but the other fields of a post cannot represent. Most fields
have the name of the element from which they were read, without the namespace prefix. A value is a string unless stated
otherwise. Empty values and the default values of WordPress are omitted. `extra["wordpress"]` is omitted if it would be
empty.

    guid
    guid_is_permalink "true" if the attribute isPermaLink of <guid> is true
    link, description, pubDate      (pubDate only if it differs from the date of the post)
    post_id, post_parent, menu_order, is_sticky, comment_status, ping_status, post_password, post_name
                      (post_name only if it differs from the slug)
    post_date         the local date, if it differs from the date in GMT
    post_modified     the local date of modification, if it differs from the date of modification in GMT
    status            the WordPress status, if it is private, pending, auto-draft or unknown, or if it is publish or
                      future and the post became a draft because access to the post is restricted. For a post in the
                      trash, the status that the post had before it was moved to the trash.
    title             the original title, if it contains markup
    excerpt           the original excerpt, if the import converted the excerpt to a different text
    content_format    "html" if the content was kept as HTML
    feature_image     the address of the image to which the meta field _thumbnail_id refers
    categories        list of {"domain", "nicename", "name"}: all <category> elements, including those that became tags
    postmeta          list of {"key", "value"}: all <wp:postmeta> elements except those whose key begins with _blogcli_
    comments          list of mappings, one for each <wp:comment>. A mapping contains the text of each child under the
                      name of the child (comment_id, comment_author ...), and "commentmeta", a list of {"key", "value"}.
    elements          list of {"name", "attributes", "text", "children"}: all other elements, such as those of plugins.
                      A known namespace is written in the name as the prefix wp:, dc:, content: or excerpt:, and an
                      unknown namespace as {namespace}. Empty attributes, texts and lists of children are omitted.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ..records import PostRecord

ExtraFields: TypeAlias = Mapping[str, Any]

EXTRA_KEY: Final = "wordpress"

# The default values of some children of <item> in the namespace wp. Default values are not stored.
DEFAULTS: Final = {
    "post_parent": "0",
    "menu_order": "0",
    "is_sticky": "0",
    "comment_status": "open",
    "ping_status": "open",
}
# The names of the children of <item> in the namespace wp whose text is stored unchanged.
COPIED_ELEMENTS: Final = ("post_id", *DEFAULTS, "post_password")
# In an export, blogcli embeds posts in meta fields whose keys begin with this prefix.
OWN_META_PREFIX: Final = "_blogcli_"
# The key of the meta field that refers to the featured image of a post. The value is the number of an attachment.
THUMBNAIL_META: Final = "_thumbnail_id"


def get_extra_fields(post: PostRecord) -> ExtraFields:
    """Return `extra["wordpress"]` of a post, or an empty mapping if the post has none."""
    fields = post.extra.get(EXTRA_KEY)
    return fields if isinstance(fields, Mapping) else {}


def get_text(fields: ExtraFields, name: str) -> str:
    """Return the value of a field, or an empty string if the field is missing or its value is not a string."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def get_maps(fields: ExtraFields, name: str) -> list[ExtraFields]:
    """Return the mappings in a list field, or an empty list if the field is missing or its value is not a list."""
    values = fields.get(name)
    return [value for value in values if isinstance(value, Mapping)] if isinstance(values, list) else []
