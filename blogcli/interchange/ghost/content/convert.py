"""The body of a post, from whichever of Ghost's columns loses least."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ....errors import InvalidError
from ...notes import NoteCode
from ..authors import Say
from ..gated_markers import MARK
from . import lexical, mobiledoc
from .cards import is_for_mail
from .documents import Document
from .fragments import Piece, markdown_of_pieces

_FORMATS: dict[str, Callable[[object], Document]] = {
    "lexical": lexical.document_of,
    "mobiledoc": mobiledoc.document_of,
}
# Lists, objects and what is in them; text has as many commas only where it is longer than a book.
_MOST_VALUES = 2_000_000
_FAULTS = (InvalidError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Body(NamedTuple):
    """A body in Markdown or HTML, and the columns that hold more, or could not be read and have no HTML beside them."""

    text: str
    kept: Sequence[str] = ()
    is_html: bool = False


def body_of(row: Mapping[str, Any], say: Say, *, keeps_html: bool) -> Body:
    """The body as Markdown, or its HTML where that is to be kept; what is converted or missing is reported."""
    html, markdown = _text(row, "html"), _text(row, "markdown")
    if html and keeps_html:
        return Body(html, is_html=True)
    if markdown:
        return Body(markdown)
    kept: list[str] = []
    for name, document_of in _FORMATS.items():
        body, is_whole = _of_format(name, row.get(name), document_of, say)
        kept += [] if is_whole else [name]
        if body is not None and (body.strip() or not html):
            return Body(body, kept)
    if html:
        return _of_html(html, say)
    plain = _text(row, "plaintext")
    if plain:
        say(NoteCode.CONTENT_LOSSY, "there is only its plain text, without headings, links and pictures")
    return Body(plain, kept)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def _of_format(
    name: str, value: object, document_of: Callable[[object], Document], say: Say
) -> tuple[str | None, bool]:
    """The body, None where there is none or it cannot be read, and whether that is all that the value holds."""
    if not value:
        return None, True
    try:
        document = document_of(_parsed(value) if isinstance(value, str) else value)
        if document.markdown is not None:
            return document.markdown, True
        body = markdown_of_pieces(document.pieces)
    except _FAULTS:
        say(NoteCode.CONTENT_LOSSY, f"its {name} cannot be read")
        return None, False
    if body:
        say(NoteCode.CONTENT_CONVERTED, f"its {name} became Markdown")
    _say_incomplete(document.incomplete, say)
    return body, not any(map(is_for_mail, document.incomplete))


def _say_incomplete(cards: Iterable[str], say: Say) -> None:
    for_mail, others = set[str](), set[str]()
    for name in cards:
        (for_mail if is_for_mail(name) else others).add(name)
    if others:
        names = ", ".join(sorted(others))
        say(NoteCode.CONTENT_LOSSY, f"cards that Markdown has nothing for became HTML or comments: {names}"[:200])
    if for_mail:
        say(NoteCode.CONTENT_LOSSY, f"cards that are for e-mail only stay in extra: {', '.join(sorted(for_mail))}")


def _parsed(text: str) -> object:
    # Of these, a short text holds more than memory does.
    if sum(map(text.count, "{[,")) > _MOST_VALUES:
        raise ValueError(f"more than {_MOST_VALUES:,} values")
    return json.loads(text)


def _of_html(html: str, say: Say) -> Body:
    try:
        parts = enumerate(MARK.split(html))
        # At odd places stand the marks.
        body = markdown_of_pieces(Piece(part, is_html=place % 2 == 0) for place, part in parts)
    except InvalidError as error:
        say(NoteCode.CONTENT_LOSSY, f"{error.message}: it stays HTML")
        return Body(html, is_html=True)
    say(NoteCode.CONTENT_CONVERTED, "its HTML became Markdown")
    return Body(body)
