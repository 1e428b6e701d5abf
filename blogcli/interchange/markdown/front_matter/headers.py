"""Find front matter without an opening delimiter.

In Pelican, an empty line ends the `Title: ...` lines. In Hexo, a line `---` ends the YAML.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from ....text.line_ends import with_line_feeds
from ..field_names import RECOGNIZED_NAMES
from .limits import duplicate_name
from .syntax import LINE, FrontMatterBlock, Kind, line_of
from .yaml_reader import read_yaml

# A colon that no space follows marks a field only if the name is recognized, because URLs contain colons too.
_KNOWN = "|".join(sorted(map(re.escape, RECOGNIZED_NAMES)))
_FIELD = re.compile(
    rf"(?P<known>(?=(?i:{_KNOWN})[ \t]*:))?(?P<name>\w[\w .-]{{0,40}}?)[ \t]*:(?:(?(known)[ \t]*|[ \t]+)(?P<value>.*))?"
)
# Matches a line that continues the value of the field above the line.
_CONTINUATION = re.compile(r"[ \t]+\S|- ")
_CLOSING = re.compile(r"-{3,}[ \t]*")


def find_header(text: str, start: int) -> FrontMatterBlock | None:
    """Return the front matter that begins with a field at `start`, or None if the lines there are not front matter.

    Lines are front matter only if enough names of fields are recognized.
    """
    if _FIELD.match(text, start) is None:
        return None
    known = set[str]()
    count = 0
    for line in LINE.finditer(text, start):
        typed = line["typed"]
        field = _FIELD.fullmatch(typed)
        if field:
            known |= RECOGNIZED_NAMES & {field["name"].lower()}
            count += 1
        elif _CLOSING.fullmatch(typed):
            return _with_closing_line(text, start, line) if known else None
        elif not _CONTINUATION.match(typed):
            is_end = "title" in known or len(known) > 1
            # A single line with a colon may be the start of a paragraph, so an empty line must follow such a line.
            is_blank = not typed.strip()
            end = line.end() if is_blank else line.start()
            return _with_empty_line(text, start, end) if is_end and (is_blank or count > 1) else None
    return None


def _with_closing_line(text: str, start: int, closing: re.Match[str]) -> FrontMatterBlock | None:
    block = with_line_feeds(text[start : closing.start()])
    # A single line above dashes may be an underlined heading. The line is front matter only if it begins with a
    # recognized field name and if there are exactly three dashes.
    if block.count("\n") == 1 and (
        closing["typed"].rstrip() != "---" or block.partition(":")[0].rstrip() not in RECOGNIZED_NAMES
    ):
        return None
    read = partial(read_yaml, block, first_line=line_of(text, start))
    return FrontMatterBlock(Kind.DELIMITED, closing.end(), read)


def _with_empty_line(text: str, start: int, end: int) -> FrontMatterBlock:
    return FrontMatterBlock(Kind.HEADER, end, partial(_read, with_line_feeds(text[start:end]), line_of(text, start)))


def _read(block: str, first_line: int) -> dict[str, object]:
    fields = dict[str, object]()
    for name, value, line in _fields_in(block.split("\n"), first_line):
        if fields.setdefault(name, value) != value:
            raise duplicate_name(name, line=line)
    return fields


def _fields_in(lines: list[str], first_line: int) -> Iterator[tuple[str, str, int]]:
    """Yield the name, the value and the line number of each field.

    The value of a field may continue in the lines below the field.
    """
    starts = [index for index, line in enumerate(lines) if _FIELD.fullmatch(line)]
    for start, end in pairwise([*starts, len(lines)]):
        field = _FIELD.fullmatch(lines[start])
        if field:
            value_lines = [(field["value"] or "").strip(), *(line.strip() for line in lines[start + 1 : end])]
            # Names are case-insensitive in Pelican and in MultiMarkdown, so all names are converted to lower case.
            yield field["name"].lower(), "\n".join(value_lines).strip(), first_line + start
