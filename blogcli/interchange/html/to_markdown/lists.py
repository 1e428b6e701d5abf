"""Choose the markers of list items. Adjacent lists get different markers, so that Markdown does not join the lists."""

import re
from typing import Final

from bs4.element import Tag

_MARKERS: Final = {"ul": ("-", "*"), "ol": (".", ")")}
# The start and the end of each of these elements separate the preceding list from the following list. Separated lists
# may have the same marker.
_SEPARATORS: Final = {"li", "blockquote", "img", "hr"}


class ListMarkers:
    """Chooses the markers of all lists of a document.

    The methods `enter` and `leave` must be called for all elements in document order.
    """

    def __init__(self) -> None:
        self._markers: dict[int, str] = {}
        self._numbers: dict[int, int] = {}
        self._bullets: dict[int, str] = {}
        # The marker of the list that ended immediately before the current position, or an empty string.
        self._previous_marker = ""

    def enter(self, element: Tag) -> None:
        """Enter an element. If the element is a list, choose a marker that the list immediately before does not use."""
        if element.name in _MARKERS:
            first, second = _MARKERS[element.name]
            self._markers[id(element)] = second if self._previous_marker == first else first
        elif element.name in _SEPARATORS:
            self.separate()

    def leave(self, element: Tag, text: str) -> None:
        """Leave an element that was converted to `text`. A list without text is ignored."""
        if element.name in _SEPARATORS:
            self.separate()
        elif element.name in _MARKERS and text.strip():
            self._previous_marker = self._markers[id(element)]

    def separate(self) -> None:
        """Record that content at the current position separates the lists before and after it."""
        self._previous_marker = ""

    def next_bullet(self, parent: Tag | None) -> str:
        """Return the marker of the next item in the list `parent`, followed by a space, such as `- ` or `2. `."""
        marker = self._markers.get(id(parent), "-")
        number = ""
        if parent is not None and parent.name == "ol":
            # The number is stored, because counting all previous items for each item would take quadratic time.
            self._numbers[id(parent)] = self._numbers.get(id(parent), _read_first_number(parent) - 1) + 1
            number = str(self._numbers[id(parent)])
        bullet = self._bullets[id(parent)] = f"{number}{marker} "
        return bullet

    def last_bullet(self, parent: Tag | None) -> str:
        """Return the marker of the last converted item in the list `parent`.

        Returns an empty string if no item was converted or if `parent` is not a list.
        """
        return self._bullets.get(id(parent), "") if parent is not None and parent.name in _MARKERS else ""


def indent(lines: list[str], bullet: str) -> list[str]:
    """Indent the continuation lines of a list item by the width of its marker."""
    return [f"{' ' * len(bullet)}{line}" if line.strip() else "" for line in lines]


def _read_first_number(parent: Tag) -> int:
    start = str(parent.get("start", ""))
    return int(start) if re.fullmatch(r"[0-9]{1,8}", start) else 1
