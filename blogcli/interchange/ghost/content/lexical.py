"""Parse Lexical, the format in which Ghost 5 and later store the content of posts."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from ..values import as_text, is_true, list_objects
from .cards import convert_card, get_markdown
from .fragments import Fragment, GhostDocument, Mark, Run, limit_size, make_block, render_runs

# Maps each bit in the format of a text node to an HTML element. An element encloses the elements that come after it.
# `code` is the last element, because code cannot contain other elements in Markdown.
# Source: LexicalConstants.ts in facebook/lexical.
_FORMATS = {1: "strong", 2: "em", 4: "s", 8: "u", 128: "mark", 32: "sub", 64: "sup", 16: "code"}
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "extended-quote": "blockquote", "aside": "blockquote"}
_HEADINGS = {"heading", "extended-heading"}
_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINKS = {"link", "autolink", "at-link"}
_TEXTS = {"text", "extended-text", "code-highlight", "tk"}
_BREAKS = {"linebreak", "tab"}
_IGNORED = {"zwnj", "at-link-search"}
# In CommonMark, the number of a list item has at most nine digits, so larger start numbers are replaced by 1.
_NUMBER_LIMIT = 10**9
_INLINE = _LINKS | _TEXTS | _BREAKS | _IGNORED


def parse_lexical(value: object) -> GhostDocument:
    """Parse a decoded Lexical document.

    Raises TypeError if the document has no root with a list of children. Raises ValueError if the content is too large.
    """
    root = value.get("root") if isinstance(value, dict) else None
    if not isinstance(root, dict) or not isinstance(root.get("children"), list):
        raise TypeError("no root with children")
    nodes = list_objects(root["children"])
    visible_nodes = [node for node in nodes if not _is_empty(node)]
    if len(visible_nodes) == 1:
        markdown = get_markdown(_get_type(visible_nodes[0]), visible_nodes[0])
        if markdown is not None:
            return GhostDocument([], [], markdown)
    incomplete_cards: list[str] = []
    fragments = (fragment for node in nodes for fragment in _make_fragments(node, incomplete_cards))
    return GhostDocument(limit_size(fragments), incomplete_cards)


def _get_type(node: Mapping[str, Any]) -> str:
    return as_text(node.get("type")) or "nameless"


def _is_empty(node: Mapping[str, Any]) -> bool:
    return _get_type(node) == "paragraph" and not node.get("children")


def _make_fragments(node: Mapping[str, Any], incomplete_cards: list[str]) -> list[Fragment]:
    name = _get_type(node)
    if name == "list":
        return [Fragment(_render_list(node))]
    if name in _BLOCKS:
        return make_block(_BLOCKS[name], _render_inline(node))
    if name in _HEADINGS:
        tag = as_text(node.get("tag")) or ""
        return make_block(tag if tag in _TAGS else "h2", _render_inline(node))
    if name in _INLINE:
        return make_block("p", render_runs(_iter_runs([node], ())))
    fragments, is_complete = convert_card(name, node)
    if not is_complete:
        incomplete_cards.append(name)
    return fragments


def _render_inline(node: Mapping[str, Any]) -> str:
    return render_runs(_iter_runs(list_objects(node.get("children")), ()))


def _iter_runs(nodes: Iterable[Mapping[str, Any]], marks: tuple[Mark, ...]) -> Iterator[Run]:
    for node in nodes:
        name = _get_type(node)
        if name == "linebreak":
            yield Run("<br>", marks)
        elif name in _LINKS:
            link = Mark("a", as_text(node.get("url")) or "", as_text(node.get("title")) or "")
            yield from _iter_runs(list_objects(node.get("children")), (*marks, link) if link.href else marks)
        elif name in _IGNORED:
            continue
        elif isinstance(node.get("children"), list):
            yield from _iter_runs(list_objects(node["children"]), marks)
        else:
            yield Run(escape(as_text(node.get("text")) or "", quote=False), (*marks, *_iter_formats(node)))


def _iter_formats(node: Mapping[str, Any]) -> Iterator[Mark]:
    format_ = node.get("format")
    if isinstance(format_, int):
        yield from (Mark(element) for bit, element in _FORMATS.items() if format_ & bit)


def _render_list(node: Mapping[str, Any]) -> str:
    if node.get("listType") != "number" and node.get("tag") != "ol":
        return f"<ul>{_render_items(node)}</ul>"
    start = node.get("start")
    first = start if isinstance(start, int) and 0 <= start < _NUMBER_LIMIT else 1
    return f'<ol start="{first:d}">{_render_items(node)}</ol>'


def _render_items(node: Mapping[str, Any]) -> str:
    items: list[str] = []
    for item in list_objects(node.get("children")):
        children = list_objects(item.get("children"))
        nested_lists = [child for child in children if _get_type(child) == "list"]
        nested = "".join(map(_render_list, nested_lists))
        text = render_runs(_iter_runs([child for child in children if _get_type(child) != "list"], ()))
        checkbox = _format_checkbox(item) if node.get("listType") == "check" else ""
        # In Lexical, a nested list is an item of its own after the item to which the list belongs. In HTML, a nested
        # list is part of the item to which the list belongs, so it is appended to the previous item.
        if nested and not text and items:
            items[-1] += nested
        else:
            items.append(f"{checkbox}{text}{nested}")
    return "".join(f"<li>{item}</li>" for item in items)


def _format_checkbox(item: Mapping[str, Any]) -> str:
    return "[x] " if is_true(item.get("checked")) else "[ ] "
