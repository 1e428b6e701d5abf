"""The kinds of front matter, and what each finds in a text whose lines end as they do on any system."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

LINE_END = r"[ \t]*(?>\r\n?|\n|\Z)"
# Where a text ends with the end of a line, an empty one follows.
LINE = re.compile(r"(?P<typed>[^\r\n]*)(?>\r\n?|\n|\Z)")


class Kind(Enum):
    """What tells fields from the text below them."""

    # Marks around or below them, or braces.
    MARKED = auto()
    # An empty line, as for Pelican and MultiMarkdown.
    HEADER = auto()
    # What begins each of their lines.
    NIKOLA = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """Front matter: where it ends, and what reads its fields; that raises InvalidError where it cannot."""

    kind: Kind
    end: int
    read: Callable[[], dict[str, object]]


def with_line_feeds(text: str) -> str:
    """The text with every line ended by a line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_of(text: str, position: int) -> int:
    """The number of the line that the position is in."""
    return with_line_feeds(text[:position]).count("\n") + 1
