"""Find the front matter of Nikola: `.. title: ...` lines, with or without an HTML comment around them."""

import re
from functools import partial

from ....text.line_ends import with_line_feeds
from .limits import duplicate_name, parse_error
from .syntax import LINE_END, FrontMatterBlock, Kind, line_of

_FIELDS = re.compile(rf"(?P<open><!--(?:{LINE_END})+)?(?P<fields>(?:\.\.[ \t]+[\w-]+:[^\r\n]*(?>\r\n?|\n|\Z))+)")
_FIELD = re.compile(r"\.\.[ \t]+(?P<name>[\w-]+):(?P<value>.*)")
_TITLE = re.compile(r"\.\.[ \t]+title:")
# Matches the empty line below fields that are not in a comment, or an empty string if there is no empty line.
_EMPTY_LINE = re.compile(r"(?:[ \t]*(?>\r\n?|\n))?")
_COMMENT_END = re.compile(rf"\s*-->{LINE_END}")


def find_nikola_fields(text: str, start: int) -> FrontMatterBlock | None:
    """Return the Nikola front matter that begins at `start`, or None if no field `title` is found there."""
    match = _FIELDS.match(text, start)
    lines = with_line_feeds(match["fields"]).split("\n") if match else []
    if match is None or not any(map(_TITLE.match, lines)):
        return None
    end = (_COMMENT_END if match["open"] else _EMPTY_LINE).match(text, match.end())
    read = partial(_read, lines, line_of(text, match.start("fields")), is_closed=end is not None)
    return FrontMatterBlock(Kind.NIKOLA, end.end() if end else match.end(), read)


def _read(lines: list[str], first_line: int, *, is_closed: bool) -> dict[str, object]:
    if not is_closed:
        raise parse_error("the comment contains more than fields, or is not closed", line=first_line - 1 + len(lines))
    fields = dict[str, object]()
    for number, line in enumerate(lines, first_line):
        field = _FIELD.match(line)
        if field:
            name = field["name"]
            value = field["value"].strip()
            if fields.setdefault(name, value) != value:
                raise duplicate_name(name, line=number)
    return fields
