"""What of a WordPress item has no column, and under which names of `extra["wordpress"]` it is kept.

Every name is that of the element it was read from, without its prefix, and every value a text unless said otherwise.
What is empty or what WordPress writes by default is left out. `extra["wordpress"]` is left out when nothing is left.

    guid              the text of <guid>; `guid_is_permalink: "true"` if its attribute isPermaLink says so
    link, description, pubDate      (pubDate only where it says something else than the dates)
    post_id, post_parent, menu_order, is_sticky, comment_status, ping_status, post_password, post_name
                      (post_name only where the slug says something else)
    post_date         the local date, where it differs from the one in GMT; `post_modified` likewise
    status            the status of WordPress, where ours says less: private, pending, auto-draft, an unknown one, and
                      publish or future where a password made a draft of the post; of the trash, the one before
    title, excerpt    as they were, where they had markup
    content_format    html, where content and excerpt are as they were
    feature_image     the address of the post's thumbnail; no element of its own: the meta _thumbnail_id names it
    categories        list of {"domain", "nicename", "name"}: all <category>, also those that became tags
    postmeta          list of {"key", "value"}: all <wp:postmeta> but those whose key begins with _blogcli_
    comments          list of maps, one for each <wp:comment>: its elements by name (comment_id, comment_author ...),
                      and "commentmeta": list of {"key", "value"}
    elements          list of {"name", "attributes", "text", "children"}: all elements that WordPress itself does not
                      write, `name` with its prefix (`wp:`, `dc:`, `content:`, `excerpt:`) or {namespace}; attributes,
                      text and children left out where empty
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from ..records import PostRecord

Kept: TypeAlias = Mapping[str, Any]

NAME: Final = "wordpress"

# Those with a value that WordPress gives to posts by default.
DEFAULTS: Final = {
    "post_parent": "0",
    "menu_order": "0",
    "is_sticky": "0",
    "comment_status": "open",
    "ping_status": "open",
}
# Elements of <item> in the namespace wp that are kept as they are.
KEPT: Final = ("post_id", *DEFAULTS, "post_password")
# How the keys begin by which our own export is read back.
OWN_META: Final = "_blogcli_"
# The meta that names the attachment which is the post's image.
THUMBNAIL: Final = "_thumbnail_id"


def kept_of(post: PostRecord) -> Kept:
    """What is kept of a post that was read from WordPress."""
    found = post.extra.get(NAME)
    return found if isinstance(found, Mapping) else {}


def text_in(kept: Kept, name: str) -> str:
    """The text that is kept under that name; empty where it is none."""
    value = kept.get(name)
    return value if isinstance(value, str) else ""


def maps_in(kept: Kept, name: str) -> list[Kept]:
    """The maps of the list that is kept under that name."""
    found = kept.get(name)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
