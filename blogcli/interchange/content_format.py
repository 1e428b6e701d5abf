"""The format of the content of a post: Markdown or HTML."""

from collections.abc import Mapping
from typing import Final

from .records import PostRecord

# If the content of a post is HTML, the field `CONTENT_FORMAT` in `extra["wordpress"]` or `extra["ghost"]` has the value
# `HTML`.
CONTENT_FORMAT = "content_format"
HTML = "html"
# The placeholder that Ghost exports contain instead of the URL of the blog.
GHOST_URL: Final = "__GHOST_URL__"
_FORMATS = ("wordpress", "ghost")


def is_html(post: PostRecord) -> bool:
    """Return whether the content of a post is HTML that an import did not convert to Markdown."""
    values = (post.extra.get(name) for name in _FORMATS)
    return any(isinstance(value, Mapping) and value.get(CONTENT_FORMAT) == HTML for value in values)
