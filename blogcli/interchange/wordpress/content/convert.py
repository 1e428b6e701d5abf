"""Convert the content and the excerpt of WordPress posts to Markdown."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from ....errors import InvalidError
from ...html import html_to_markdown
from ...notes import NoteCode, OnNote
from ..plain_text import plain_text
from .autop import add_paragraphs
from .blocks import has_blocks, strip_block_comments
from .shortcodes import PRESERVED_MARKUP, convert_code_shortcodes, find_preformatted

_TAG: Final = re.compile(r"<[A-Za-z/!]")
# The private-use code points of the Basic Multilingual Plane of Unicode.
_PRIVATE_USE: Final = range(0xE000, 0xF900)


def convert_content(content: str, on_note: OnNote) -> tuple[str, bool]:
    """Convert content to Markdown.

    Returns the text, and whether the text is still HTML. If the conversion fails, the text is the original content.
    """
    if not content.strip():
        return "", False
    is_blocks = has_blocks(content)
    html = convert_code_shortcodes(content)
    if is_blocks:
        html, dynamic_blocks = strip_block_comments(html)
        if dynamic_blocks:
            names = ", ".join(dynamic_blocks)
            on_note(NoteCode.CONTENT_LOSSY, f"blocks whose content WordPress generates: {names}")
    else:
        html = add_paragraphs(html)
    try:
        markdown = _convert_html(html)
    except InvalidError as error:
        on_note(NoteCode.CONTENT_LOSSY, f"the content stayed HTML: {error.message}")
        return content, True
    if markdown.strip() != content.strip():
        text = f"the content was converted from {'blocks' if is_blocks else 'HTML'} to Markdown"
        on_note(NoteCode.CONTENT_CONVERTED, text)
    return markdown, False


def convert_excerpt(excerpt: str, on_note: OnNote) -> str:
    """Convert an excerpt with markup to Markdown, or an excerpt without markup to plain text.

    If the conversion to Markdown fails, returns the original excerpt.
    """
    if not _TAG.search(excerpt):
        return plain_text(excerpt)
    try:
        return _convert_html(excerpt)
    except InvalidError as error:
        on_note(NoteCode.CONTENT_LOSSY, f"the excerpt stayed HTML: {error.message}")
        return excerpt


def _convert_html(html: str) -> str:
    """Convert HTML to Markdown, but preserve the shortcodes and comments that WordPress interprets.

    During the conversion, a placeholder replaces each such shortcode or comment. The placeholder is a number between
    two private-use characters.
    """
    delimiter = next((chr(code) for code in _PRIVATE_USE if chr(code) not in html), None)
    if delimiter is None:
        return html_to_markdown(html)
    preserved: list[str] = []

    def insert_placeholder(match: re.Match[str]) -> str:
        preserved.append(match[0])
        return f"{delimiter}{len(preserved) - 1}{delimiter}"

    markdown = html_to_markdown("".join(_replace_outside_code(html, insert_placeholder)))
    return re.sub(f"{delimiter}(\\d+){delimiter}", lambda placeholder: preserved[int(placeholder[1])], markdown)


def _replace_outside_code(html: str, replace: Callable[[re.Match[str]], str]) -> Iterator[str]:
    position = 0
    for start, end in find_preformatted(html):
        yield PRESERVED_MARKUP.sub(replace, html[position : start.start()])
        yield html[start.start() : end.end()]
        position = end.end()
    yield PRESERVED_MARKUP.sub(replace, html[position:])
