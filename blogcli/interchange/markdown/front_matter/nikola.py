"""Find the front matter of Nikola: `.. title: ...` lines, with or without an HTML comment around them."""

import re
from functools import partial

from .limits import duplicate_name, parse_error
from .syntax import LINE_END, FrontMatterBlock, Kind, line_of, with_line_feeds

_FIELDS = re.compile(rf"(?P<open><!--(?:{LINE_END})+)?(?P<fields>(?:\.\.[ \t]+[\w-]+:[^\r\n]*(?>\r\n?|\n|\Z))+)")
_FIELD = re.compile(r"\.\.[ \t]+(?P<name>[\w-]+):(?P<value>.*)")
_TITLE = re.compile(r"\.\.[ \t]+title:")
_BLANK, _CLOSING = re.compile(r"(?:[ \t]*(?>\r\n?|\n))?"), re.compile(rf"\s*-->{LINE_END}")


def find_nikola_fields(text: str, start: int) -> FrontMatterBlock | None:
    """Return the front matter at `start`, or None if there are no field lines or none of them is a title."""
    found = _FIELDS.match(text, start)
    lines = with_line_feeds(found["fields"]).split("\n") if found else []
    if found is None or not any(map(_TITLE.match, lines)):
        return None
    end = (_CLOSING if found["open"] else _BLANK).match(text, found.end())
    read = partial(_read, lines, line_of(text, found.start("fields")), is_closed=end is not None)
    return FrontMatterBlock(Kind.NIKOLA, end.end() if end else found.end(), read)


def _read(lines: list[str], first_line: int, *, is_closed: bool) -> dict[str, object]:
    if not is_closed:
        raise parse_error("more than fields in its comment, or no end of it", line=first_line - 1 + len(lines))
    fields = dict[str, object]()
    for number, line in enumerate(lines, first_line):
        field = _FIELD.match(line)
        if field:
            name, value = field["name"], field["value"].strip()
            if fields.setdefault(name, value) != value:
                raise duplicate_name(name, line=number)
    return fields
