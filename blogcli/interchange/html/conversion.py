"""Convert HTML to Markdown, and render Markdown as sanitized or as trusted HTML."""

from functools import cache
from typing import Final

from markdown_it import MarkdownIt

from ...errors import InvalidError
from .parser import parse_html
from .sanitize import sanitize
from .to_markdown.converter import HtmlConverter
from .trusted import TrustedRenderer, escape_code

# The maximum numbers of characters and tags in HTML that is converted. Converting longer HTML would take minutes.
_MAX_CHARACTERS: Final = 2_000_000
_MAX_TAGS: Final = 50_000


def html_to_markdown(html: str) -> str:
    """Convert HTML to Markdown.

    Elements that Markdown cannot express, such as frames, videos and tables with merged cells, remain HTML. Raises
    InvalidError if the HTML is too long, is nested too deeply or cannot be parsed.
    """
    if len(html) > _MAX_CHARACTERS or html.count("<") > _MAX_TAGS:
        raise InvalidError(f"HTML is longer than {_MAX_CHARACTERS:,} characters or {_MAX_TAGS:,} tags")
    try:
        markdown: str = HtmlConverter().convert_soup(parse_html(html))
    except RecursionError:
        raise InvalidError("HTML is nested too deeply") from None
    return markdown.strip(" \n")


def render_html(markdown: str) -> str:
    """Render Markdown as sanitized HTML.

    Tables and strikethrough are supported in addition to CommonMark. Scripts, frames, forms and styles are removed from
    the HTML.
    """
    html: str = _make_parser().render(markdown)
    return sanitize(html)


def render_trusted(markdown: str) -> str:
    """Render Markdown as HTML that is not sanitized.

    Use the HTML only in programs that trust the authors of the blog. Quotation marks in text and code are not escaped,
    and a line break in a paragraph becomes a space.
    """
    html: str = _make_trusted_parser().render(markdown)
    return html


@cache
def _make_parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


@cache
def _make_trusted_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"highlight": escape_code}, renderer_cls=TrustedRenderer)
    return parser.enable(["table", "strikethrough"])
