"""Types and functions that the parsers of all front matter syntaxes share. Lines may end with LF, CRLF or CR."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from ....text.line_ends import with_line_feeds

LINE_END = r"[ \t]*(?>\r\n?|\n|\Z)"
# Matches one line. If a text ends with a line break, the last match is an empty line.
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
    """Front matter that was found in a text.

    `end` is the position at which the front matter ends. The function `read` parses the front matter and returns the
    fields. `read` raises InvalidError if the front matter cannot be parsed.
    """

    kind: Kind
    end: int
    read: Callable[[], dict[str, object]]


def line_of(text: str, position: int) -> int:
    """Return the number of the line that contains `position`. The first line of the text has the number 1."""
    return with_line_feeds(text[:position]).count("\n") + 1
