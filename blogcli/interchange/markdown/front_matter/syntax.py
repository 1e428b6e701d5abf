"""Define the types and helpers of all front matter syntaxes. Lines may end with LF, CRLF or CR."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

LINE_END = r"[ \t]*(?>\r\n?|\n|\Z)"
# If a text ends with a line break, an empty line follows.
LINE = re.compile(r"(?P<typed>[^\r\n]*)(?>\r\n?|\n|\Z)")


class Kind(Enum):
    """How front matter is separated from the body below it."""

    # Delimiter lines around or below the fields, or braces.
    DELIMITED = auto()
    # An empty line below the fields, as in Pelican and MultiMarkdown.
    HEADER = auto()
    # Two dots at the start of each field, as in Nikola.
    NIKOLA = auto()


@dataclass(frozen=True, slots=True)
class FrontMatterBlock:
    """The position where front matter ends, and a function that parses it and may raise InvalidError."""

    kind: Kind
    end: int
    read: Callable[[], dict[str, object]]


def with_line_feeds(text: str) -> str:
    """Return the text with all line breaks replaced by line feeds."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_of(text: str, position: int) -> int:
    """Return the number, from 1, of the line that contains the position."""
    return with_line_feeds(text[:position]).count("\n") + 1
