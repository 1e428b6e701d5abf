"""HTML -> Markdown and Markdown -> HTML that is safe to show."""

import warnings
from functools import cache

import nh3
from bs4 import MarkupResemblesLocatorWarning
from markdown_it import MarkdownIt
from markdownify import MarkdownConverter

from ..errors import InvalidError

# A text that only looks like a file name or an address is a text all the same.
warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)


def markdown_of(html: str) -> str:
    """HTML as Markdown; InvalidError where it is nested too deeply."""
    try:
        text: str = _to_markdown().convert(html)
    except RecursionError:
        raise InvalidError("HTML that is nested too deeply") from None
    return text.strip("\n")


def html_of(markdown: str) -> str:
    """Markdown, by CommonMark with tables and strikethrough, as HTML without scripts, frames, forms or styles."""
    rendered: str = _to_html().render(markdown)
    return nh3.clean(rendered)


@cache
def _to_markdown() -> MarkdownConverter:
    return MarkdownConverter(heading_style="ATX", bullets="-", escape_misc=False)


@cache
def _to_html() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])
