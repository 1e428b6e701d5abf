"""What stands beside an element, on which it depends which signs Markdown takes for what."""

import re
from typing import Final

from bs4.element import NavigableString, PageElement, Tag

from ..parser import BLOCKS

# What Markdown has no words for, and what stays HTML therefore.
RAW: Final = frozenset(
    str.split(
        "iframe video audio object embed script style svg math canvas noscript map details dl form fieldset "
        "select button textarea input progress meter picture"
    )
)
# Behind which a line begins.
BREAKING: Final = frozenset((*BLOCKS, "br", *RAW))
EMPHASES: Final = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "del": "del", "s": "del", "strike": "del"}


def needs_tags(el: Tag, plain: str, text: str) -> bool:
    """Whether Markdown would not take signs around `plain`, which is `text` without blanks, for emphasis."""
    before, after = _neighbour(el, -1), _neighbour(el, 0)
    is_bad_start = text[0] == plain[0] and not plain[0].isalnum() and before.isalnum()
    is_bad_end = text[-1] == plain[-1] and not plain[-1].isalnum() and after.isalnum()
    is_beside_another = any(
        isinstance(one, Tag) and one.name in EMPHASES for one in (el.previous_sibling, el.next_sibling)
    )
    return is_bad_start or is_bad_end or is_beside_another


def is_at_start(el: NavigableString) -> bool:
    """Whether a line begins with the text, as far as its siblings tell."""
    before = el.previous_sibling
    is_empty = isinstance(before, Tag) and (before.name in BREAKING or not before.get_text().strip())
    return before is None or is_empty


def is_behind_number(el: NavigableString) -> bool:
    """Whether nothing but a number, without emphasis, stands before the text in its line."""
    node: PageElement | None = el
    number = ""
    while node is not None and not _breaks(node):
        beside = node.previous_sibling
        if _breaks(beside):
            break
        if beside is not None:
            number = (beside.get_text() + number).strip()
            if (isinstance(beside, Tag) and beside.name in EMPHASES) or not re.fullmatch("[0-9]{0,9}", number):
                return False
        node = beside or node.parent
    return number != ""


def is_beside_code(el: Tag) -> bool:
    """Whether code stands right before or behind an element."""
    return _is_code(el.previous_sibling) or _is_code(el.next_sibling)


def _breaks(node: PageElement | None) -> bool:
    return isinstance(node, Tag) and node.name in BREAKING


def _is_code(node: PageElement | None) -> bool:
    return isinstance(node, Tag) and node.name in {"code", "kbd", "samp", "tt"}


def _neighbour(el: Tag, at: int) -> str:
    """The character before (-1) or behind (0) an element within its block; none where it begins or ends there."""
    node: Tag | None = el
    while node is not None and node.name not in BREAKING:
        beside = node.previous_sibling if at else node.next_sibling
        if _breaks(beside):
            return ""
        if beside is not None:
            # Of an element of which nothing is left, whatever may be beside it.
            return (beside.get_text() or "a")[at]
        node = node.parent
    return ""
