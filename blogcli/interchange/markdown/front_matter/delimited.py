"""Fields between marks: YAML between `---`, TOML between `+++`, the members of an object in JSON above `;;;`."""

import re
from collections.abc import Callable
from functools import partial

from ..field_names import RECOGNIZED_NAMES
from .json_reader import read_json, read_members
from .limits import parse_error
from .syntax import LINE, LINE_END, FrontMatterBlock, Kind, line_of, with_line_feeds
from .toml_reader import read_toml
from .yaml_reader import read_yaml

# Hexo takes any number of dashes and semicolons; hundreds are a rule.
_OPENING = re.compile(r"(?P<mark>-{3,80}|\+{3}|;{3,80})[ \t]*(?P<language>[A-Za-z]*)[ \t]*(?=[\r\n]|\Z)")
_LIKE_OPENING = re.compile(r"[ \t]*(?P<mark>---|\+\+\+|;;;)[^\r\n]*")
_MEMBER = re.compile(r'"[^"\r\n]*"[ \t]*:')
_MEMBERS_END = re.compile(rf"[\r\n];{{3,}}{LINE_END}")
# Of the first mark, or of the language that is named behind it.
_READERS: dict[str, Callable[..., dict[str, object]]] = {
    "-": read_yaml, "yaml": read_yaml, "yml": read_yaml, "+": read_toml, "toml": read_toml, ";": read_members,
    "json": read_json,
}  # fmt: skip
_PROGRAMS = frozenset({
    "js", "javascript", "jsx", "ts", "typescript", "node", "coffee", "coffeescript", "cson", "ruby", "rb", "python",
    "py", "perl", "php",
})  # fmt: skip
_FIELDS = {
    "-": re.compile(r"(?P<quote>[\"']?)(?P<name>\w[\w .-]{0,80}?)(?P=quote)[ \t]*:(?=[ \t]|\Z)"),
    "+": re.compile(r"(?P<quote>[\"']?)(?P<name>\w[\w.-]{0,80}?)(?P=quote)[ \t]*="),
    ";": re.compile(r'"(?P<name>[^"]*)"[ \t]*:'),
}
# What may stand above the first field, and between two.
_ABOVE, _BETWEEN = re.compile(r"[ \t]*(?:\Z|[#\[])"), re.compile(r"[ \t]+\S|- |[#\[\]}]")


def find_delimited(text: str, start: int) -> FrontMatterBlock | None:
    """The fields between marks, of which the first stands at `start`; None where there are none.

    Raises InvalidError for a program, which is never run, and for fields without an end.
    """
    if _MEMBER.match(text, start):
        return _members_of(text, start)
    opening = _OPENING.match(text, start)
    found = _block_of(text, opening) if opening else None
    if found is None and _are_fields_below(text, start):
        hint = "Put a line of --- below the fields; if the first one is a rule, write it as ***."
        raise parse_error("it does not end", line=line_of(text, start), hint=hint)
    return found


def is_opened(text: str, start: int) -> bool:
    """Whether a mark stands there, with a line of its own."""
    return _OPENING.match(text, start) is not None


def _members_of(text: str, start: int) -> FrontMatterBlock | None:
    closing = _MEMBERS_END.search(text, start)
    if closing is None:
        return None
    block, line = with_line_feeds(text[start : closing.start()]), line_of(text, start)
    return FrontMatterBlock(Kind.DELIMITED, closing.end(), partial(read_members, block, first_line=line))


def _block_of(text: str, opening: re.Match[str]) -> FrontMatterBlock | None:
    mark, line = opening["mark"], line_of(text, opening.start())
    language = opening["language"].lower() or mark[0]
    if language in _PROGRAMS:
        hint = "Write the fields in YAML, between lines of ---."
        raise parse_error("it is a program, which is not run", line=line, hint=hint)
    reader = _READERS.get(language)
    # Jekyll takes the mark that ends a document of YAML, too.
    marks = r"---|\.\.\." if mark == "---" and reader is read_yaml else re.escape(mark)
    closing = re.compile(f"[\r\n](?P<mark>{marks}){LINE_END}").search(text, opening.end()) if reader else None
    if closing is None or reader is None:
        return None
    # Whatever stands between the usual marks at the very top is meant to be fields; else it may be between two rules.
    is_meant = line == 1 and mark in ("---", "+++") and closing["mark"] == mark
    if not is_meant and not _are_fields_below(text, opening.start()):
        return None
    block = with_line_feeds(text[opening.end() : closing.start() + 1])
    return FrontMatterBlock(Kind.DELIMITED, closing.end(), partial(reader, block, first_line=line))


def _are_fields_below(text: str, start: int) -> bool:
    """Whether two lines below what looks like a mark are fields, or one whose name is known."""
    opening = _LIKE_OPENING.match(text, start)
    if opening is None:
        return False
    field, is_second = _FIELDS[opening["mark"][0]], False
    for line in LINE.finditer(text, opening.end()):
        found = field.match(line["typed"])
        if found and (is_second or found["name"] in RECOGNIZED_NAMES):
            return True
        if found is None and not (_BETWEEN if is_second else _ABOVE).match(line["typed"]):
            return False
        is_second = is_second or found is not None
    return False
