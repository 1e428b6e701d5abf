"""What a body is put together from: text with marks, and pieces of HTML and of Markdown; pure."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import NamedTuple

from ...html import html_to_markdown

# In characters; a small body that names a large card time and again grows beyond all measure.
_LONGEST = 64 * 1024 * 1024


class Piece(NamedTuple):
    """A part of a body: HTML that becomes Markdown, or else a text that stands in Markdown as it is."""

    text: str
    is_html: bool = True


class Mark(NamedTuple):
    """What a piece of text is in: an element, and where a link leads, with its title."""

    element: str
    href: str = ""
    title: str = ""

    @property
    def opening(self) -> str:
        """The tag before it."""
        said = (("href", self.href), ("title", self.title))
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in said if value)
        return f"<{self.element}{attributes}>"


class Run(NamedTuple):
    """HTML without blocks, in all the given marks, the outermost first."""

    html: str
    marks: tuple[Mark, ...] = ()


def html_of_runs(runs: Iterable[Run]) -> str:
    """The runs as HTML in which neighbours share their marks; ValueError where it is longer than any body."""
    return "".join(piece.text for piece in within_measure(map(Piece, _parts(runs))))


def _parts(runs: Iterable[Run]) -> Iterator[str]:
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


def within_measure(pieces: Iterable[Piece]) -> list[Piece]:
    """The pieces; ValueError where they are longer than any body."""
    found, size = list[Piece](), 0
    for piece in pieces:
        found.append(piece)
        size += len(piece.text)
        if size > _LONGEST:
            raise ValueError(f"more than {_LONGEST:,} characters")
    return found


def markdown_of_pieces(pieces: Iterable[Piece]) -> str:
    """The pieces, one behind the other, as Markdown; InvalidError where HTML is nested too deeply."""
    texts = list[str]()
    for is_html, group in groupby(pieces, key=lambda piece: piece.is_html):
        if is_html:
            texts.append(html_to_markdown("\n".join(piece.text for piece in group)))
        else:
            texts.extend(piece.text for piece in group)
    return "\n\n".join(text.strip("\r\n") for text in texts if text.strip())


def block(element: str, html: str) -> list[Piece]:
    """The HTML in a block; nothing where it is empty."""
    return [Piece(f"<{element}>{html}</{element}>")] if html.strip() else []
