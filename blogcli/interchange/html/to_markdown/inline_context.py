"""Examine the context of an inline element, because the context affects how Markdown interprets the element."""

import re
from typing import Final

from bs4.element import NavigableString, PageElement, Tag

from ..parser import BLOCKS

# Elements that remain HTML, because Markdown cannot express them.
RAW: Final = frozenset(
    str.split(
        "iframe video audio object embed script style svg math canvas noscript map details dl form fieldset "
        "select button textarea input progress meter picture"
    )
)
# Elements at which the current line of text ends and a new line begins.
BREAKING: Final = frozenset((*BLOCKS, "br", *RAW))
EMPHASES: Final = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "del": "del", "s": "del", "strike": "del"}


def needs_tags(element: Tag, stripped: str, text: str) -> bool:
    """Return whether the emphasis of `element` must be written with HTML tags instead of Markdown delimiters.

    Tags are necessary if Markdown would not recognize the delimiters. `text` is the content of `element`, and
    `stripped` is `text` without leading and trailing whitespace.
    """
    previous = _get_adjacent_character(element, -1)
    following = _get_adjacent_character(element, 0)
    is_bad_start = text[0] == stripped[0] and not stripped[0].isalnum() and previous.isalnum()
    is_bad_end = text[-1] == stripped[-1] and not stripped[-1].isalnum() and following.isalnum()
    siblings = (element.previous_sibling, element.next_sibling)
    is_adjacent_to_emphasis = any(isinstance(sibling, Tag) and sibling.name in EMPHASES for sibling in siblings)
    return is_bad_start or is_bad_end or is_adjacent_to_emphasis


def is_line_start(node: NavigableString) -> bool:
    """Return whether `node` may be at the start of a line. Only the previous sibling of `node` is examined."""
    previous = node.previous_sibling
    is_separator = isinstance(previous, Tag) and (previous.name in BREAKING or not previous.get_text().strip())
    return previous is None or is_separator


def follows_number(text: NavigableString) -> bool:
    """Return whether the only content before `text` in its line is a number that is not emphasized."""
    node: PageElement | None = text
    number = ""
    while node is not None and not _breaks_line(node):
        sibling = node.previous_sibling
        if _breaks_line(sibling):
            break
        if sibling is not None:
            number = (sibling.get_text() + number).strip()
            is_emphasis = isinstance(sibling, Tag) and sibling.name in EMPHASES
            if is_emphasis or not re.fullmatch("[0-9]{0,9}", number):
                return False
        node = sibling or node.parent
    return number != ""


def is_adjacent_to_code(element: Tag) -> bool:
    """Return whether inline code is immediately before or after an element."""
    return _is_code(element.previous_sibling) or _is_code(element.next_sibling)


def _breaks_line(node: PageElement | None) -> bool:
    return isinstance(node, Tag) and node.name in BREAKING


def _is_code(node: PageElement | None) -> bool:
    return isinstance(node, Tag) and node.name in {"code", "kbd", "samp", "tt"}


def _get_adjacent_character(element: Tag, index: int) -> str:
    """Return the character before an element if `index` is -1, or the character after the element if `index` is 0.

    Returns an empty string if the line begins or ends at the element.
    """
    node: Tag | None = element
    while node is not None and node.name not in BREAKING:
        sibling = node.previous_sibling if index else node.next_sibling
        if _breaks_line(sibling):
            return ""
        if sibling is not None:
            # The character beyond a sibling without text is unknown. It is assumed to be a letter, because a letter
            # restricts the use of delimiters most.
            return (sibling.get_text() or "a")[index]
        node = node.parent
    return ""
