"""Fields that no mark opens: `Title: ...` lines of Pelican, Hexo's that only `---` closes, Nikola's `.. title: ...`."""

import re
from dataclasses import dataclass

from .yaml_fields import read_yaml

# A text whose first line merely has a colon is no header: it begins with one of these.
_FIRST_NAMES = frozenset(
    "title date modified updated tags category categories slug author authors summary description excerpt "  # noqa: SIM905 - they read better so
    "lang status template layout permalink comments published keywords id".split()
)
_LINE = re.compile(r"(?P<name>[A-Za-z][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(?P<value>.*))?")
_MORE = re.compile(r"[ \t]+\S|- ")
_CLOSING = re.compile(r"---[ \t]*")
_NIKOLA = re.compile(
    r"(?P<open><!--[ \t]*\r?\n)?(?:[ \t]*\r?\n)*(?P<lines>(?:\.\.[ \t]+[\w-]+:[^\n]*\n)+)"
    r"(?(open)\s*-->[ \t]*(?:\r?\n|\Z)|(?:[ \t]*\r?\n|\Z))"
)
_NIKOLA_LINE = re.compile(r"\.\.[ \t]+(?P<name>[\w-]+):(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class _Header:
    lines: list[str]
    end: int
    is_closed: bool


def is_header(text: str) -> bool:
    """Whether the text begins with lines as Pelican, MultiMarkdown or Nikola write them."""
    found = _header_of(text)
    return _nikola_of(text) is not None if found is None else not found.is_closed


def read_header(text: str) -> tuple[dict[str, object], int] | None:
    """The fields that `text` begins with and where its body begins; None where it has none of these kinds.

    Raises InvalidError for YAML that cannot be read above a closing `---`.
    """
    found = _header_of(text)
    if found is None:
        return _nikola_of(text)
    if found.is_closed:
        return read_yaml("".join(found.lines), first_line=1), found.end
    return _plain_fields(found.lines), found.end


def _nikola_of(text: str) -> tuple[dict[str, object], int] | None:
    found = _NIKOLA.match(text)
    lines = map(_NIKOLA_LINE.match, found["lines"].splitlines() if found else [])
    fields: dict[str, object] = {line["name"]: line["value"].strip() for line in lines if line}
    return (fields, found.end()) if found and "title" in fields else None


def _header_of(text: str) -> _Header | None:
    first = _LINE.match(text)
    if first is None or first["name"].lower() not in _FIRST_NAMES:
        return None
    lines, position = list[str](), 0
    while position < len(text):
        end = text.find("\n", position) + 1 or len(text)
        line = text[position:end].rstrip("\r\n")
        if _CLOSING.fullmatch(line):
            # In capitals it is a heading that is underlined.
            return _Header(lines, end, is_closed=True) if lines[0][0].islower() else None
        if not line.strip():
            return _unclosed(lines, end)
        if not (_LINE.fullmatch(line) or _MORE.match(line)):
            return None
        lines.append(text[position:end])
        position = end
    return _unclosed(lines, position)


def _unclosed(lines: list[str], end: int) -> _Header | None:
    has_title = any(line[:6].lower() == "title:" for line in lines)
    return _Header(lines, end, is_closed=False) if has_title else None


def _plain_fields(lines: list[str]) -> dict[str, object]:
    fields, name = dict[str, str](), ""
    for line in lines:
        start = None if line[0] in " \t" else _LINE.match(line.rstrip("\r\n"))
        if start:
            # Neither Pelican nor MultiMarkdown tells capitals from small letters.
            name = start["name"].lower()
            fields[name] = (start["value"] or "").strip()
        else:
            fields[name] = f"{fields[name]}\n{line.strip()}".strip()
    return dict(fields)
