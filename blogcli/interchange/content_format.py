"""What the content of a post is written in."""

from collections.abc import Mapping
from typing import Final

from .records import PostRecord

# Under the names of the formats in `extra`.
CONTENT_FORMAT = "content_format"
HTML = "html"
# In what Ghost wrote, for the address of the blog.
GHOST_URL: Final = "__GHOST_URL__"
_FORMATS = ("wordpress", "ghost")


def is_html(post: PostRecord) -> bool:
    """Whether its content was kept as HTML when it was read, and goes out as it is."""
    kept = (post.extra.get(name) for name in _FORMATS)
    return any(isinstance(each, Mapping) and each.get(CONTENT_FORMAT) == HTML for each in kept)
