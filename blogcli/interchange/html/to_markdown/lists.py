"""The markers of lists, by which Markdown tells where one ends and the next begins."""

import re
from typing import Final

from bs4.element import Tag

_MARKERS: Final = {"ul": ("-", "*"), "ol": (".", ")")}
# Within or behind which no list goes on that began before.
_BORDERS: Final = {"li", "blockquote", "img", "hr"}


class Lists:
    """The lists of a document, whose elements are entered and left as they stand in it."""

    def __init__(self) -> None:
        self._markers: dict[int, str] = {}
        self._numbers: dict[int, int] = {}
        self._bullets: dict[int, str] = {}
        self._ended = ""

    def enter(self, el: Tag) -> None:
        """A list right behind another one of its kind gets another marker."""
        if el.name in _MARKERS:
            first, second = _MARKERS[el.name]
            self._markers[id(el)] = second if self._ended == first else first
        elif el.name in _BORDERS:
            self.end()

    def leave(self, el: Tag, text: str) -> None:
        """What an element became is known."""
        if el.name in _BORDERS:
            self.end()
        elif el.name in _MARKERS and text.strip():
            self._ended = self._markers[id(el)]

    def end(self) -> None:
        """Something else than a list stands here."""
        self._ended = ""

    def next_bullet(self, parent: Tag | None) -> str:
        """What stands before the next item."""
        marker, number = self._markers.get(id(parent), "-"), ""
        if parent is not None and parent.name == "ol":
            # To count the items before each takes time that grows with the square of the length of the list.
            self._numbers[id(parent)] = self._numbers.get(id(parent), _first_number(parent) - 1) + 1
            number = str(self._numbers[id(parent)])
        bullet = self._bullets[id(parent)] = f"{number}{marker} "
        return bullet

    def last_bullet(self, parent: Tag | None) -> str:
        """What stands before the item before; nothing where there is none."""
        return self._bullets.get(id(parent), "") if parent is not None and parent.name in _MARKERS else ""


def indented(lines: list[str], bullet: str) -> list[str]:
    """The lines as those of an item."""
    return [f"{' ' * len(bullet)}{line}" if line.strip() else "" for line in lines]


def _first_number(parent: Tag) -> int:
    start = str(parent.get("start", ""))
    return int(start) if re.fullmatch(r"[0-9]{1,8}", start) else 1
