"""Split a Markdown text into its front matter, in any supported syntax, and its unchanged body."""

import re
from typing import NamedTuple

from ..values import Fields
from .delimited import find_delimited, is_opened
from .headers import find_header
from .json_reader import read_json_start
from .limits import json_fields, parse_error
from .nikola import find_nikola_fields
from .syntax import LINE_END, FrontMatterBlock, Kind, line_of

# Matches what may precede front matter: additional byte order marks, which are invisible in editors, and empty lines,
# which Hugo skips.
_ABOVE = re.compile(r"\ufeff*+(?>(?:[ \t]*(?>\r\n?|\n))*)")
_JSON = re.compile(rf'\{{\s*(?:"[^"\n]*"\s*:|\}}{LINE_END})')
_LINE_END = re.compile(LINE_END)


class FrontMatter(NamedTuple):
    """The fields, the body and the kind of front matter of a text. The kind is None if the text has no front matter."""

    fields: Fields
    body: str
    kind: Kind | None


def split_front_matter(text: str) -> FrontMatter:
    """Split a text into its fields and its unchanged body.

    These syntaxes are supported:

    - YAML between two `---` lines, or, as in Hexo, above a single `---` line
    - TOML between two `+++` lines
    - a JSON object, or, as in Hexo, the members of an object above a `;;;` line
    - `Title: ...` lines above an empty line, as in Pelican
    - `.. title: ...` lines, with or without an HTML comment around the lines, as in Nikola

    Values in YAML are strings, except null, lists, maps and values with the tag `!!int`, `!!float` or `!!bool`.

    Raises InvalidError, with the line number if it is known, if the fields cannot be parsed, have no closing delimiter,
    or are program code, which is never run.
    """
    start = _start_of(text)
    block = find_delimited(text, start) or _find_json(text, start) or _find_without_delimiter(text, start)
    if block is None:
        return FrontMatter({}, text, None)
    return FrontMatter(json_fields(block.read(), length=block.end), text[block.end :], block.kind)


def begins_with_fields(text: str) -> bool:
    """Return whether a text probably begins with front matter in a syntax other than JSON."""
    start = _start_of(text)
    return is_opened(text, start) or _find_without_delimiter(text, start) is not None


def _start_of(text: str) -> int:
    above = _ABOVE.match(text)
    return above.end() if above else 0


def _find_without_delimiter(text: str, start: int) -> FrontMatterBlock | None:
    return find_header(text, start) or find_nikola_fields(text, start)


def _find_json(text: str, start: int) -> FrontMatterBlock | None:
    if not _JSON.match(text, start):
        return None
    fields, end = read_json_start(text, start)
    after = _LINE_END.match(text, end)
    if after is None:
        raise parse_error("text after the closing }", line=line_of(text, end))
    return FrontMatterBlock(Kind.DELIMITED, after.end(), lambda: fields)
