"""Front matter: the fields above a Markdown text, in whatever form; the text below them is never touched."""

import re
from typing import NamedTuple

from .delimited import is_opened, marked_of
from .headers import header_of
from .json_reader import read_json_start
from .limits import Fields, json_fields, problem
from .nikola import nikola_of
from .syntax import LINE_END, Found, Kind, line_of

# Hugo passes over empty lines, and a second byte order mark is not seen.
_ABOVE = re.compile(r"\ufeff*+(?>(?:[ \t]*(?>\r\n?|\n))*)")
_JSON = re.compile(rf'\{{\s*(?:"[^"\n]*"\s*:|\}}{LINE_END})')
_LINE_END = re.compile(LINE_END)


class FrontMatter(NamedTuple):
    """The fields above a text, the text below them, and of which kind they are: None where there are none."""

    fields: Fields
    body: str
    kind: Kind | None


def split_front_matter(text: str) -> FrontMatter:
    """The fields above `text` and the body below them, byte for byte; no fields and all of `text` where there are none.

    YAML stands between `---` lines, or above a single one, as Hexo has it: its values stay the text that was typed,
    except null, lists, maps and what `!!int`, `!!float` or `!!bool` types. TOML stands between `+++` lines, JSON in
    braces at the top or without them above `;;;`, `Title: ...` lines above the first empty one, Nikola's
    `.. title: ...` lines in a comment. Raises InvalidError, with the line in the file where it is known, for fields
    that cannot be read or have no end, and for those that are a program: it is never run.
    """
    start = _start_of(text)
    found = marked_of(text, start) or _braced_of(text, start) or _unmarked_of(text, start)
    if found is None:
        return FrontMatter({}, text, None)
    return FrontMatter(json_fields(found.read(), typed=found.end), text[found.end :], found.kind)


def begins_with_fields(text: str) -> bool:
    """Whether a text does that begins like this, or at least with a mark of fields; JSON is not looked for."""
    start = _start_of(text)
    return is_opened(text, start) or _unmarked_of(text, start) is not None


def _start_of(text: str) -> int:
    above = _ABOVE.match(text)
    return above.end() if above else 0


def _unmarked_of(text: str, start: int) -> Found | None:
    return header_of(text, start) or nikola_of(text, start)


def _braced_of(text: str, start: int) -> Found | None:
    if not _JSON.match(text, start):
        return None
    fields, end = read_json_start(text, start)
    after = _LINE_END.match(text, end)
    if after is None:
        raise problem("text behind the closing }", line=line_of(text, end))
    return Found(Kind.MARKED, after.end(), lambda: fields)
