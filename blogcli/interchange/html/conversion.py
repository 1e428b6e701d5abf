"""HTML -> Markdown and Markdown -> HTML that is safe to show."""

from functools import cache

from markdown_it import MarkdownIt

from ...errors import InvalidError
from .parser import parse_html
from .sanitize import cleaned
from .to_markdown.converter import HtmlConverter
from .trusted import WholeRenderer, code

# Of more it would take minutes: characters, and signs that may be tags.
_LONGEST, _MOST_TAGS = 2_000_000, 50_000


def markdown_of(html: str) -> str:
    """HTML as Markdown; InvalidError where it is too long or nested too deeply.

    What Markdown cannot say, as frames, videos or tables with merged cells, stays HTML.
    """
    if len(html) > _LONGEST or html.count("<") > _MOST_TAGS:
        raise InvalidError(f"HTML of more than {_LONGEST:,} characters or {_MOST_TAGS:,} tags")
    try:
        text: str = HtmlConverter().convert_soup(parse_html(html))
    except RecursionError:
        raise InvalidError("HTML is nested too deeply") from None
    return text.strip(" \n")


def html_of(markdown: str) -> str:
    """Markdown, by CommonMark with tables and strikethrough, as HTML without scripts, frames, forms or styles."""
    rendered: str = _to_html().render(markdown)
    return cleaned(rendered)


def whole_html_of(markdown: str) -> str:
    """The same with all HTML that is in it: for other systems, which are trusted with the blog as its owner is.

    Quotation marks in texts and code stay as they are, and a line goes on in the same line.
    """
    rendered: str = _to_whole_html().render(markdown)
    return rendered


@cache
def _to_html() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


@cache
def _to_whole_html() -> MarkdownIt:
    return MarkdownIt("commonmark", {"highlight": code}, renderer_cls=WholeRenderer).enable(["table", "strikethrough"])
