"""Parse Mobiledoc, the format in which Ghost 1 to 4 store the content of posts."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from ..values import as_object, as_text, list_lists
from .cards import Payload, convert_card, get_markdown
from .fragments import Fragment, GhostDocument, Mark, Run, limit_size, make_block, render_runs

# The numbers that identify the types of sections and markers in Mobiledoc. Source: the renderer for version 0.3 in
# bustle/mobiledoc-kit.
_MARKUP_SECTION = 1
_IMAGE_SECTION = 2
_LIST_SECTION = 3
_CARD_SECTION = 10
_ATOM = 1
_ELEMENTS = {"h1", "h2", "h3", "h4", "h5", "h6", "blockquote"}
_QUOTES = {"aside", "pull-quote"}
_MARKS = {"a", "b", "strong", "i", "em", "code", "s", "u", "sub", "sup", "mark"}
_MAX_OPEN_MARKS = 100
_SYNONYMS = {"b": "strong", "i": "em"}


class _Tables(NamedTuple):
    """The markups, atoms and cards of a Mobiledoc document. The sections of the document refer to them by index."""

    markups: list[Any]
    atoms: list[Any]
    cards: list[Any]


def parse_mobiledoc(value: object) -> GhostDocument:
    """Parse a decoded Mobiledoc document.

    Raises ValueError, TypeError or LookupError if the document is invalid.
    """
    if not isinstance(value, dict) or not isinstance(value.get("sections"), list):
        raise TypeError("no sections")
    tables = _Tables(*(list(value.get(name) or ()) for name in _Tables._fields))
    sections = list_lists(value["sections"])
    visible_sections = [section for section in sections if not _is_empty(section)]
    if len(visible_sections) == 1 and visible_sections[0][0] == _CARD_SECTION:
        markdown = get_markdown(*_get_card(tables, visible_sections[0][1]))
        if markdown is not None:
            return GhostDocument([], [], markdown)
    incomplete_cards: list[str] = []
    fragments = (fragment for section in sections for fragment in _make_fragments(section, tables, incomplete_cards))
    return GhostDocument(limit_size(fragments), incomplete_cards)


def _is_empty(section: list[Any]) -> bool:
    return not section or (section[0] == _MARKUP_SECTION and not section[2])


def _make_fragments(section: list[Any], tables: _Tables, incomplete_cards: list[str]) -> list[Fragment]:
    match section:
        case [kind, str(element), list(markers), *_] if kind == _MARKUP_SECTION:
            name = "blockquote" if element in _QUOTES else element
            return make_block(name if name in _ELEMENTS else "p", _render_inline(markers, tables))
        case [kind, str(src), *_] if kind == _IMAGE_SECTION:
            return convert_card("image", {"src": src})[0]
        case [kind, element, list(items), *_] if kind == _LIST_SECTION:
            html = "".join(f"<li>{_render_inline(markers, tables)}</li>" for markers in list_lists(items))
            return make_block("ol" if element == "ol" else "ul", html)
        case [kind, index, *_] if kind == _CARD_SECTION:
            name, payload = _get_card(tables, index)
            fragments, is_complete = convert_card(name, payload)
            if not is_complete:
                incomplete_cards.append(name)
            return fragments
    raise ValueError(section[:1])


def _get_card(tables: _Tables, index: int) -> tuple[str, Payload]:
    name, payload = tables.cards[index][:2]
    return as_text(name) or "nameless", as_object(payload)


def _render_inline(markers: Iterable[Any], tables: _Tables) -> str:
    return render_runs(_iter_runs(list_lists(markers), tables))


def _iter_runs(markers: list[list[Any]], tables: _Tables) -> Iterator[Run]:
    opened: list[Mark | None] = []
    for kind, opening, closing, value, *_ in markers:
        opened.extend(_parse_mark(tables.markups[index]) for index in opening)
        if len(opened) > _MAX_OPEN_MARKS:
            raise ValueError("too many open marks")
        html = _render_atom(tables.atoms[value]) if kind == _ATOM else escape(as_text(value) or "", quote=False)
        yield Run(html, tuple(dict.fromkeys(mark for mark in opened if mark)))
        del opened[max(len(opened) - closing, 0) :]


def _parse_mark(markup: list[Any]) -> Mark | None:
    element = markup[0]
    attributes = markup[1] or [] if len(markup) > 1 else []
    if element not in _MARKS:
        return None
    if element != "a":
        return Mark(_SYNONYMS.get(element, element))
    values = dict(zip(attributes[::2], attributes[1::2], strict=False))
    href = as_text(values.get("href"))
    return Mark("a", href, as_text(values.get("title")) or "") if href else None


def _render_atom(atom: list[Any]) -> str:
    name, text = atom[:2]
    return "<br>" if name == "soft-return" else escape(as_text(text) or "", quote=False)
