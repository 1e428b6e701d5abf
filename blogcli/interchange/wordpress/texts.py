"""Format the title, content, excerpt and slug of a post for WordPress.

If an import stored the original form of a text, the original form is written, unless the text was edited after the
import.
"""

from html import escape
from urllib.parse import quote

from ..content_format import CONTENT_FORMAT, HTML, is_html
from ..html import render_trusted
from ..notes import ignore_note
from ..records import PostRecord
from .content.convert import convert_excerpt
from .extra_names import ExtraFields, get_text
from .plain_text import decode_slug, strip_inline_markup, unescape_references


def format_title(post: PostRecord, fields: ExtraFields) -> str:
    """Return the title of a post as HTML."""
    original = get_text(fields, "title")
    if original and strip_inline_markup(original) == post.title:
        return original
    # WordPress stores titles as HTML, so &, < and > are written as character references.
    return escape(post.title, quote=False)


def format_content(post: PostRecord) -> str:
    """Return the content of a post as HTML."""
    return post.content if is_html(post) else render_trusted(post.content)


def format_excerpt(post: PostRecord, fields: ExtraFields) -> str:
    """Return the excerpt of a post as HTML if the excerpt contains markup.

    Otherwise, return plain text in which special characters are written as character references.
    """
    excerpt = post.excerpt or ""
    original = get_text(fields, "excerpt")
    if get_text(fields, CONTENT_FORMAT) == HTML:
        return excerpt
    if original and convert_excerpt(original, ignore_note) == excerpt:
        return original
    html = render_trusted(excerpt).strip()
    is_plain = unescape_references(html).split() == f"<p>{excerpt.strip()}</p>".split()
    return escape(excerpt, quote=False) if is_plain else html


def format_post_name(post: PostRecord, fields: ExtraFields) -> str:
    """Return the percent-encoded slug of a post."""
    original = get_text(fields, "post_name")
    if original and decode_slug(original) == post.slug:
        return original
    return quote(post.slug or "", safe="").lower()
