"""The format of the content of a post: Markdown or HTML."""

from collections.abc import Mapping
from typing import Final

from .records import PostRecord

# A field in the part of `extra` that belongs to an import format, and the value of the field for HTML.
CONTENT_FORMAT = "content_format"
HTML = "html"
# Ghost writes this placeholder instead of the URL of the blog.
GHOST_URL: Final = "__GHOST_URL__"
_FORMATS = ("wordpress", "ghost")


def is_html(post: PostRecord) -> bool:
    """Return whether the content of a post is HTML, because it was imported without conversion to Markdown."""
    values = (post.extra.get(name) for name in _FORMATS)
    return any(isinstance(value, Mapping) and value.get(CONTENT_FORMAT) == HTML for value in values)
