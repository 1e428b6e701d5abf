"""The format of the content of a post: Markdown or HTML."""

from collections.abc import Mapping
from typing import Final

from .records import PostRecord

# The name of the field that stores the format of the content in `extra["wordpress"]` or `extra["ghost"]`, and the value
# of this field for HTML.
CONTENT_FORMAT = "content_format"
HTML = "html"
# The placeholder that Ghost exports contain instead of the URL of the blog.
GHOST_URL: Final = "__GHOST_URL__"
_FORMATS = ("wordpress", "ghost")


def is_html(post: PostRecord) -> bool:
    """Return whether the content of a post was imported as HTML, without conversion to Markdown."""
    values = (post.extra.get(name) for name in _FORMATS)
    return any(isinstance(value, Mapping) and value.get(CONTENT_FORMAT) == HTML for value in values)
