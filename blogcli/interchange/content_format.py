"""The format of the content of a post: Markdown or HTML."""

from collections.abc import Mapping
from typing import Final

from .records import PostRecord

# The name of the content format in `extra`, inside the values of an import format, and the value for HTML.
CONTENT_FORMAT = "content_format"
HTML = "html"
# Ghost writes this placeholder for the URL of the blog.
GHOST_URL: Final = "__GHOST_URL__"
_FORMATS = ("wordpress", "ghost")


def is_html(post: PostRecord) -> bool:
    """Return whether the content of a post is HTML, because it was imported without conversion to Markdown."""
    values = (post.extra.get(name) for name in _FORMATS)
    return any(isinstance(value, Mapping) and value.get(CONTENT_FORMAT) == HTML for value in values)
