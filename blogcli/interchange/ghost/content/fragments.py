"""The fragments of HTML and Markdown from which the content of a post is assembled."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from ...html import html_to_markdown

# The maximum size of content in characters. Without this limit, a small document that refers to a large card many times
# could exhaust the memory.
_MAX_SIZE = 64 * 1024 * 1024


class Fragment(NamedTuple):
    """A part of the content of a post: HTML to be converted to Markdown, or Markdown to be kept unchanged."""

    text: str
    is_html: bool = True


class GhostDocument(NamedTuple):
    """The fragments that were parsed from a document in Lexical or Mobiledoc, the formats of Ghost."""

    fragments: Sequence[Fragment]
    # The names of the cards that the fragments do not represent completely.
    incomplete_cards: Sequence[str]
    # If the document consists of a single Markdown card, the unchanged text of the card. Otherwise None.
    markdown: str | None = None


class Mark(NamedTuple):
    """An inline HTML element around text, such as `em`. A link also has a URL and may have a title."""

    element: str
    href: str = ""
    title: str = ""

    @property
    def opening(self) -> str:
        """The start tag of the element."""
        values = (("href", self.href), ("title", self.title))
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in values if value)
        return f"<{self.element}{attributes}>"


class Run(NamedTuple):
    """A piece of inline HTML, and the marks that enclose the piece, from the outermost to the innermost mark."""

    html: str
    marks: tuple[Mark, ...] = ()


def render_runs(runs: Iterable[Run]) -> str:
    """Convert runs to HTML. Adjacent runs with the same marks are enclosed in the same elements.

    Raises ValueError if the HTML exceeds the maximum size of content.
    """
    return "".join(fragment.text for fragment in limit_size(map(Fragment, _render_parts(runs))))


def _render_parts(runs: Iterable[Run]) -> Iterator[str]:
    opened: list[Mark] = []
    for html, marks in runs:
        while not set(opened) <= set(marks):
            yield f"</{opened.pop().element}>"
        for mark in marks:
            if mark not in opened:
                yield mark.opening
                opened.append(mark)
        yield html
    yield from (f"</{mark.element}>" for mark in reversed(opened))


def limit_size(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Return the fragments as a list.

    Raises ValueError if the total size of the fragments exceeds the maximum size of content.
    """
    limited = list[Fragment]()
    size = 0
    for fragment in fragments:
        limited.append(fragment)
        size += len(fragment.text)
        if size > _MAX_SIZE:
            raise ValueError(f"more than {_MAX_SIZE:,} characters")
    return limited


def fragments_to_markdown(fragments: Iterable[Fragment]) -> str:
    """Convert fragments to Markdown.

    Raises InvalidError if the HTML in a fragment is nested too deeply.
    """
    texts = list[str]()
    for is_html, group in groupby(fragments, key=lambda fragment: fragment.is_html):
        if is_html:
            texts.append(html_to_markdown("\n".join(fragment.text for fragment in group)))
        else:
            texts.extend(fragment.text for fragment in group)
    return "\n\n".join(text.strip("\r\n") for text in texts if text.strip())


def make_block(element: str, html: str) -> list[Fragment]:
    """Enclose HTML in a block element. Returns a list of one fragment, or an empty list if the HTML is blank."""
    return [Fragment(f"<{element}>{html}</{element}>")] if html.strip() else []
