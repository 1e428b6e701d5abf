"""Mobiledoc, the format of bodies from Ghost 1 to 4; pure."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from ..values import lists, plain_object, text_of
from .cards import Payload, card, markdown_text
from .documents import Document
from .fragments import Mark, Piece, Run, block, html_of_runs, within_measure

# Source: the renderer for 0.3 in bustle/mobiledoc-kit.
_MARKUP_SECTION, _IMAGE_SECTION, _LIST_SECTION, _CARD_SECTION = 1, 2, 3, 10
_ATOM = 1
_ELEMENTS = {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
_QUOTES = {"aside", "pull-quote"}
_MARKS = {"a", "b", "strong", "i", "em", "code", "s", "u", "sub", "sup", "mark"}
_MOST_OPEN = 100
_SAME = {"b": "strong", "i": "em"}


class _Tables(NamedTuple):
    """What sections name by numbers."""

    markups: list[Any]
    atoms: list[Any]
    cards: list[Any]


def document_of(value: object) -> Document:
    """The document; ValueError, TypeError or LookupError where it is none."""
    if not isinstance(value, dict) or not isinstance(value.get("sections"), list):
        raise TypeError("no sections")
    tables = _Tables(*(list(value.get(name) or ()) for name in _Tables._fields))
    sections = lists(value["sections"])
    shown = [section for section in sections if not _is_empty(section)]
    if len(shown) == 1 and shown[0][0] == _CARD_SECTION:
        markdown = markdown_text(*_card(tables, shown[0][1]))
        if markdown is not None:
            return Document([], [], markdown)
    incomplete: list[str] = []
    pieces = (piece for section in sections for piece in _pieces(section, tables, incomplete))
    return Document(within_measure(pieces), incomplete)


def _is_empty(section: list[Any]) -> bool:
    return not section or (section[0] == _MARKUP_SECTION and not section[2])


def _pieces(section: list[Any], tables: _Tables, incomplete: list[str]) -> list[Piece]:
    match section:
        case [kind, str(element), list(markers), *_] if kind == _MARKUP_SECTION:
            name = "blockquote" if element in _QUOTES else element
            return block(name if name in _ELEMENTS else "p", _inline(markers, tables))
        case [kind, str(src), *_] if kind == _IMAGE_SECTION:
            return card("image", {"src": src})[0]
        case [kind, element, list(items), *_] if kind == _LIST_SECTION:
            html = "".join(f"<li>{_inline(markers, tables)}</li>" for markers in lists(items))
            return block("ol" if element == "ol" else "ul", html)
        case [kind, index, *_] if kind == _CARD_SECTION:
            name, payload = _card(tables, index)
            pieces, is_complete = card(name, payload)
            if not is_complete:
                incomplete.append(name)
            return pieces
    raise ValueError(section[:1])


def _card(tables: _Tables, index: int) -> tuple[str, Payload]:
    name, payload = tables.cards[index][:2]
    return text_of(name) or "nameless", plain_object(payload)


def _inline(markers: Iterable[Any], tables: _Tables) -> str:
    return html_of_runs(_runs(lists(markers), tables))


def _runs(markers: list[list[Any]], tables: _Tables) -> Iterator[Run]:
    opened: list[Mark | None] = []
    for kind, opening, closing, value, *_ in markers:
        opened.extend(_mark(tables.markups[index]) for index in opening)
        if len(opened) > _MOST_OPEN:
            raise ValueError("marks that never end")
        html = _atom(tables.atoms[value]) if kind == _ATOM else escape(text_of(value) or "", quote=False)
        yield Run(html, tuple(dict.fromkeys(mark for mark in opened if mark)))
        del opened[max(len(opened) - closing, 0) :]


def _mark(markup: list[Any]) -> Mark | None:
    element, attributes = markup[0], [*markup[1:2], []][0] or []
    if element not in _MARKS:
        return None
    if element != "a":
        return Mark(_SAME.get(element, element))
    said = dict(zip(attributes[::2], attributes[1::2], strict=False))
    href = text_of(said.get("href"))
    return Mark("a", href, text_of(said.get("title")) or "") if href else None


def _atom(atom: list[Any]) -> str:
    name, text = atom[:2]
    return "<br>" if name == "soft-return" else escape(text_of(text) or "", quote=False)
