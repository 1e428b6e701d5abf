"""Render Markdown as text for a terminal."""

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

# The width of lines in a pipe or file if COLUMNS is not set. Any other width is limited by the minimum and the maximum.
_DEFAULT_WIDTH = 80
_MIN_WIDTH = 20
_MAX_WIDTH = 1_000
# The limits for the size of a text that is rendered. A larger text would take too long, because rendering takes up to
# a tenth of a millisecond for each Markdown mark, and three microseconds for any other character.
_MAX_MARKS = 12_000
_MAX_CHARACTERS = 200_000
_MARKS = "\n\t`*_~[]<>#|&\\-+=!"


def markdown_lines(console: Console, text: str) -> Iterator[str]:
    """Render a Markdown text, and yield its lines without trailing blanks.

    If the text is too large to be rendered quickly, the lines of the Markdown text are yielded instead.
    """
    if not can_be_rendered(text):
        return content_lines(console, text)
    return _render_lines(console, _Document(_make_safe(text), hyperlinks=console.has_color))


def can_be_rendered(text: str) -> bool:
    """Return whether a text is small enough to be rendered without a noticeable delay."""
    return len(text) <= _MAX_CHARACTERS and sum(text.count(mark) for mark in _MARKS) <= _MAX_MARKS


class _Verbatim(TextElement):
    """Code or HTML, shown without syntax highlighting. Loading a highlighter would delay the start of the program."""

    style_name = "cyan"

    def __rich_console__(self, console: RichConsole, options: ConsoleOptions) -> RenderResult:
        code = Text(str(self.text).rstrip(), style=self.style, no_wrap=False, overflow="fold")
        code.expand_tabs(4)
        yield Padding(code, (0, 0, 0, 2))


class _Document(Markdown):
    """A Markdown document that is rendered without syntax highlighting. Images and inline HTML are shown as text."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = Markdown.elements | {
        "fence": _Verbatim,
        "code_block": _Verbatim,
        "html_block": _Verbatim,
    }

    def __init__(self, markup: str, *, hyperlinks: bool) -> None:
        super().__init__(markup, hyperlinks=hyperlinks)
        _convert_to_text(self.parsed)


def _make_safe(text: str) -> str:
    # Tabs are harmless and indent code, so only the parts of the text between the tabs are escaped.
    return "\t".join(safe_text(part) for part in text.split("\t"))


def _convert_to_text(tokens: Sequence[Token]) -> None:
    """Convert images and inline HTML to text tokens, because Rich does not render them correctly.

    Rich would omit inline HTML, fail at an HTML end tag without a start tag, and print an image before the line that
    contains the image.
    """
    for token in tokens:
        if token.type == "image":
            token.type = "text"
            token.content = f"![{token.content}]({token.attrs.get('src', '')})"
            token.tag = ""
            token.children = None
        elif token.type == "html_inline":
            token.type = "text"
        # The parser has replaced references such as `&#x202e;` by characters, which were not escaped before.
        token.content = _make_safe(token.content)
        _convert_to_text(token.children or ())


def _render_lines(console: Console, document: Markdown) -> Iterator[str]:
    width = min(max(console.width or _DEFAULT_WIDTH, _MIN_WIDTH), _MAX_WIDTH)
    rich = RichConsole(width=width, markup=False, emoji=False, highlight=False)
    colors = ColorSystem.STANDARD if console.has_color else None
    for line in rich.render_lines(document, pad=False):
        yield "".join(
            style.render(text, color_system=colors) if style else text for text, style, _ in _strip_blanks(line)
        )


def _strip_blanks(line: Sequence[Segment]) -> Sequence[Segment]:
    """Return the segments of a line without trailing blanks."""
    segments = list(line)
    while segments and not segments[-1].text.strip(" "):
        segments.pop()
    if segments:
        segments[-1] = Segment(segments[-1].text.rstrip(" "), segments[-1].style)
    return segments
