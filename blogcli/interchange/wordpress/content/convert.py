"""The bodies of posts, which WordPress stores as neither HTML nor text: what it shows, as Markdown."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from ....errors import InvalidError
from ...html import html_to_markdown
from ...notes import NoteCode
from ..character_references import plain
from ..dates import Say
from .autop import with_paragraphs
from .blocks import has_blocks, without_blocks
from .shortcodes import MARK, exact_parts, with_code

_TAG: Final = re.compile(r"<[A-Za-z/!]")


def body_of(content: str, say: Say) -> tuple[str, bool]:
    """A body in Markdown, and whether it is HTML after all, as it is, since it cannot be converted."""
    if not content.strip():
        return "", False
    if has_blocks(content):
        html, empty = without_blocks(with_code(content))
        if empty:
            say(NoteCode.CONTENT_LOSSY, f"blocks that WordPress fills when it shows them: {', '.join(empty)}")
    else:
        html = with_paragraphs(with_code(content))
    try:
        markdown = _converted(html)
    except InvalidError as error:
        say(NoteCode.CONTENT_LOSSY, f"the body stayed HTML: {error.message}")
        return content, True
    if markdown.strip() != content.strip():
        say(
            NoteCode.CONTENT_CONVERTED,
            f"the body was {'blocks' if has_blocks(content) else 'HTML'}; it became Markdown",
        )
    return markdown, False


def excerpt_of(excerpt: str, say: Say) -> str:
    """An excerpt in Markdown where it has markup, else as it is."""
    if not _TAG.search(excerpt):
        return plain(excerpt)
    try:
        return _converted(excerpt)
    except InvalidError as error:
        say(NoteCode.CONTENT_LOSSY, f"the excerpt stayed HTML: {error.message}")
        return excerpt


def _converted(html: str) -> str:
    """The HTML in Markdown, with shortcodes and marks as they are."""
    sign = next((chr(code) for code in range(0xE000, 0xF900) if chr(code) not in html), None)
    if sign is None:
        return html_to_markdown(html)
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"{sign}{len(kept) - 1}{sign}"

    markdown = html_to_markdown("".join(_each_outside_code(html, keep)))
    return re.sub(f"{sign}(\\d+){sign}", lambda found: kept[int(found[1])], markdown)


def _each_outside_code(html: str, keep: Callable[[re.Match[str]], str]) -> Iterator[str]:
    at = 0
    for start, end in exact_parts(html):
        yield MARK.sub(keep, html[at : start.start()])
        yield html[start.start() : end.end()]
        at = end.end()
    yield MARK.sub(keep, html[at:])
