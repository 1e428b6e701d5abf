"""Lexical, the format of bodies since Ghost 5; pure."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from ..values import is_set, objects, text_of
from .cards import card, markdown_text
from .documents import Document
from .fragments import Mark, Piece, Run, block, html_of_runs, within_measure

# Source: LexicalConstants.ts in facebook/lexical. The first is the outermost; code holds nothing but text.
_FORMATS = {1: "strong", 2: "em", 4: "s", 8: "u", 128: "mark", 32: "sub", 64: "sup", 16: "code"}
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "extended-quote": "blockquote", "aside": "blockquote"}
_HEADINGS = {"heading", "extended-heading"}
_TAGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LINKS = {"link", "autolink", "at-link"}
_TEXTS = {"text", "extended-text", "code-highlight", "tk"}
_BREAKS = {"linebreak", "tab"}
_NOTHING = {"zwnj", "at-link-search"}
# CommonMark has no longer numbers.
_MOST_ITEMS = 10**9
_INLINE = _LINKS | _TEXTS | _BREAKS | _NOTHING


def document_of(value: object) -> Document:
    """The document of a state of the editor; TypeError where it is none."""
    root = value.get("root") if isinstance(value, dict) else None
    if not isinstance(root, dict) or not isinstance(root.get("children"), list):
        raise TypeError("no root with children")
    nodes = objects(root["children"])
    shown = [node for node in nodes if not _is_empty(node)]
    if len(shown) == 1:
        markdown = markdown_text(_type(shown[0]), shown[0])
        if markdown is not None:
            return Document([], [], markdown)
    incomplete: list[str] = []
    pieces = (piece for node in nodes for piece in _pieces(node, incomplete))
    return Document(within_measure(pieces), incomplete)


def _type(node: Mapping[str, Any]) -> str:
    return text_of(node.get("type")) or "nameless"


def _is_empty(node: Mapping[str, Any]) -> bool:
    return _type(node) == "paragraph" and not node.get("children")


def _pieces(node: Mapping[str, Any], incomplete: list[str]) -> list[Piece]:
    name = _type(node)
    if name == "list":
        return [Piece(_list(node))]
    if name in _BLOCKS:
        return block(_BLOCKS[name], _inline(node))
    if name in _HEADINGS:
        tag = text_of(node.get("tag")) or ""
        return block(tag if tag in _TAGS else "h2", _inline(node))
    if name in _INLINE:
        return block("p", html_of_runs(_runs([node], ())))
    pieces, is_complete = card(name, node)
    if not is_complete:
        incomplete.append(name)
    return pieces


def _inline(node: Mapping[str, Any]) -> str:
    return html_of_runs(_runs(objects(node.get("children")), ()))


def _runs(nodes: Iterable[Mapping[str, Any]], marks: tuple[Mark, ...]) -> Iterator[Run]:
    for node in nodes:
        name = _type(node)
        if name == "linebreak":
            yield Run("<br>", marks)
        elif name in _LINKS:
            link = Mark("a", text_of(node.get("url")) or "", text_of(node.get("title")) or "")
            yield from _runs(objects(node.get("children")), (*marks, link) if link.href else marks)
        elif name in _NOTHING:
            continue
        elif isinstance(node.get("children"), list):
            yield from _runs(objects(node["children"]), marks)
        else:
            yield Run(escape(text_of(node.get("text")) or "", quote=False), (*marks, *_formats(node)))


def _formats(node: Mapping[str, Any]) -> Iterator[Mark]:
    format_ = node.get("format")
    if isinstance(format_, int):
        yield from (Mark(element) for bit, element in _FORMATS.items() if format_ & bit)


def _list(node: Mapping[str, Any]) -> str:
    if node.get("listType") != "number" and node.get("tag") != "ol":
        return f"<ul>{_items(node)}</ul>"
    start = node.get("start")
    first = start if isinstance(start, int) and 0 <= start < _MOST_ITEMS else 1
    return f'<ol start="{first:d}">{_items(node)}</ol>'


def _items(node: Mapping[str, Any]) -> str:
    items: list[str] = []
    for item in objects(node.get("children")):
        children = objects(item.get("children"))
        inner = [child for child in children if _type(child) == "list"]
        nested = "".join(map(_list, inner))
        text = html_of_runs(_runs([child for child in children if _type(child) != "list"], ()))
        box = ("[x] " if is_set(item.get("checked")) else "[ ] ") if node.get("listType") == "check" else ""
        # A list within a list is an item of its own there, and part of the item before it here.
        if nested and not text and items:
            items[-1] += nested
        else:
            items.append(f"{box}{text}{nested}")
    return "".join(f"<li>{item}</li>" for item in items)
