"""The texts of a post as WordPress has them: those that it had there, where they still say the same."""

from html import escape
from urllib.parse import quote

from ..content_format import CONTENT_FORMAT, HTML, is_html
from ..html import render_trusted
from ..records import PostRecord
from .character_references import slug_in, unescaped, without_inline_markup
from .content.convert import excerpt_of
from .dates import silent
from .extra_names import Kept, text_in


def title_to_write(post: PostRecord, kept: Kept) -> str:
    """The title in HTML."""
    before = text_in(kept, "title")
    # WordPress keeps titles with their references.
    return before if before and without_inline_markup(before) == post.title else escape(post.title, quote=False)


def content_to_write(post: PostRecord) -> str:
    """The content in HTML."""
    return post.content if is_html(post) else render_trusted(post.content)


def excerpt_to_write(post: PostRecord, kept: Kept) -> str:
    """The excerpt in HTML: of Markdown only where it has markup of it."""
    excerpt, before = post.excerpt or "", text_in(kept, "excerpt")
    if text_in(kept, CONTENT_FORMAT) == HTML:
        return excerpt
    if before and excerpt_of(before, silent) == excerpt:
        return before
    html = render_trusted(excerpt).strip()
    is_plain = unescaped(html).split() == f"<p>{excerpt.strip()}</p>".split()
    return escape(excerpt, quote=False) if is_plain else html


def name_to_write(post: PostRecord, kept: Kept) -> str:
    """The slug with percent signs."""
    before = text_in(kept, "post_name")
    return before if before and slug_in(before) == post.slug else quote(post.slug or "", safe="").lower()
