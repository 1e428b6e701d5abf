"""Render Markdown for people to read."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from markdown_it.token import Token
from rich.color import ColorSystem
from rich.console import Console as RichConsole
from rich.console import ConsoleOptions, RenderResult
from rich.markdown import Markdown, MarkdownElement, TextElement
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from .console import Console
from .tables import content_lines
from .text import safe_text

# The width where nothing tells how wide the page is, and the bounds within which lines can be read at all.
_USUAL_WIDTH, _LEAST_WIDTH, _MOST_WIDTH = 80, 20, 1_000
# Rendering takes up to a tenth of a millisecond for a mark, and three microseconds for any other character. A text with
# more than this is shown as it was written.
_MAX_MARKS = 12_000
_MAX_CHARACTERS = 200_000
_MARKS = "\n\t`*_~[]<>#|&\\-+=!"


def markdown_lines(console: Console, text: str) -> Iterator[str]:
    """Yield the lines of a Markdown text as it is meant to look, without trailing blanks."""
    if not can_be_rendered(text):
        return content_lines(console, text)
    # Tabs are harmless, and indent code.
    safe = "\t".join(safe_text(part) for part in text.split("\t"))
    return _rendered(console, _Document(safe, hyperlinks=console.has_color))


def can_be_rendered(text: str) -> bool:
    """Whether rendering the text takes no longer than a person would wait for it."""
    return len(text) <= _MAX_CHARACTERS and sum(text.count(mark) for mark in _MARKS) <= _MAX_MARKS


class _Verbatim(TextElement):
    """Code or HTML that is shown as written, because highlighting would slow down the start and unusual code."""

    style_name = "cyan"

    def __rich_console__(self, console: RichConsole, options: ConsoleOptions) -> RenderResult:
        code = Text(str(self.text).rstrip(), style=self.style, no_wrap=False, overflow="fold")
        code.expand_tabs(4)
        yield Padding(code, (0, 0, 0, 2))


class _Document(Markdown):
    """Markdown as Rich renders it, but with nothing left out and code as it is."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = Markdown.elements | {
        "fence": _Verbatim,
        "code_block": _Verbatim,
        "html_block": _Verbatim,
    }

    def __init__(self, markup: str, *, hyperlinks: bool) -> None:
        super().__init__(markup, hyperlinks=hyperlinks)
        _keep_in_place(self.parsed)


def _keep_in_place(tokens: Sequence[Token]) -> None:
    """Turn images and HTML inside of lines into text.

    Rich would leave out the HTML, fail at an end tag without a start, and put images before the line they stand in.
    """
    for token in tokens:
        if token.type == "image":
            token.type, token.content = "text", f"![{token.content}]({token.attrs.get('src', '')})"
            token.tag, token.children = "", None
        elif token.type == "html_inline":
            token.type = "text"
        _keep_in_place(token.children or ())


def _rendered(console: Console, document: Markdown) -> Iterator[str]:
    width = min(max(console.width or _USUAL_WIDTH, _LEAST_WIDTH), _MOST_WIDTH)
    rich = RichConsole(width=width, markup=False, emoji=False, highlight=False)
    colors = ColorSystem.STANDARD if console.has_color else None
    for line in rich.render_lines(document, pad=False):
        yield "".join(
            style.render(text, color_system=colors) if style else text for text, style, _ in _without_padding(line)
        )


def _without_padding(line: Sequence[Segment]) -> Sequence[Segment]:
    kept = list(line)
    while kept and not kept[-1].text.strip(" "):
        kept.pop()
    if kept:
        kept[-1] = Segment(kept[-1].text.rstrip(" "), kept[-1].style)
    return kept
