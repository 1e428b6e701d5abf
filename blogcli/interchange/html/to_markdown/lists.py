"""Choose the markers of list items, which differ between adjacent lists so that Markdown does not join the lists."""

import re
from typing import Final

from bs4.element import Tag

_MARKERS: Final = {"ul": ("-", "*"), "ol": (".", ")")}
# Elements that separate the lists before, inside and after them.
_SEPARATORS: Final = {"li", "blockquote", "img", "hr"}


class ListMarkers:
    """Chooses the markers of all lists of a document, whose elements are entered and left in document order."""

    def __init__(self) -> None:
        self._markers: dict[int, str] = {}
        self._numbers: dict[int, int] = {}
        self._bullets: dict[int, str] = {}
        # The marker of the list that ended immediately before the current position.
        self._previous_marker = ""

    def enter(self, element: Tag) -> None:
        """Choose a marker for a list that differs from the marker of a list that ended immediately before it."""
        if element.name in _MARKERS:
            first, second = _MARKERS[element.name]
            self._markers[id(element)] = second if self._previous_marker == first else first
        elif element.name in _SEPARATORS:
            self.separate()

    def leave(self, element: Tag, text: str) -> None:
        """Record that an element was converted to a text."""
        if element.name in _SEPARATORS:
            self.separate()
        elif element.name in _MARKERS and text.strip():
            self._previous_marker = self._markers[id(element)]

    def separate(self) -> None:
        """Record that the current position separates two lists."""
        self._previous_marker = ""

    def next_bullet(self, parent: Tag | None) -> str:
        """Return the marker of the next item of a list, with its number and a space."""
        marker = self._markers.get(id(parent), "-")
        number = ""
        if parent is not None and parent.name == "ol":
            # Counting the previous items again for each item would take time proportional to the square of their
            # number.
            self._numbers[id(parent)] = self._numbers.get(id(parent), _read_first_number(parent) - 1) + 1
            number = str(self._numbers[id(parent)])
        bullet = self._bullets[id(parent)] = f"{number}{marker} "
        return bullet

    def last_bullet(self, parent: Tag | None) -> str:
        """Return the marker of the last converted item of a list, or an empty string if there is none."""
        return self._bullets.get(id(parent), "") if parent is not None and parent.name in _MARKERS else ""


def indent(lines: list[str], bullet: str) -> list[str]:
    """Indent lines that continue a list item by the width of its marker."""
    return [f"{' ' * len(bullet)}{line}" if line.strip() else "" for line in lines]


def _read_first_number(parent: Tag) -> int:
    start = str(parent.get("start", ""))
    return int(start) if re.fullmatch(r"[0-9]{1,8}", start) else 1
