"""Find front matter with delimiters: YAML between `---`, TOML between `+++`, and JSON members above `;;;`."""

import re
from collections.abc import Callable
from functools import partial

from ....text.line_ends import with_line_feeds
from ..field_names import RECOGNIZED_NAMES
from .json_reader import read_json, read_members
from .limits import parse_error
from .syntax import LINE, LINE_END, FrontMatterBlock, Kind, line_of
from .toml_reader import read_toml
from .yaml_reader import read_yaml

# Matches an opening delimiter. Hexo accepts three or more dashes or semicolons, but a line of more than 80 characters
# is treated as a horizontal rule.
_OPENING = re.compile(r"(?P<mark>-{3,80}|\+{3}|;{3,80})[ \t]*(?P<language>[A-Za-z]*)[ \t]*(?=[\r\n]|\Z)")
_LIKE_OPENING = re.compile(r"[ \t]*(?P<mark>---|\+\+\+|;;;)[^\r\n]*")
_MEMBER = re.compile(r'"[^"\r\n]*"[ \t]*:')
_MEMBERS_END = re.compile(rf"[\r\n];{{3,}}{LINE_END}")
# Maps the first character of a delimiter, or the name of the language that follows the delimiter, to a parser.
_READERS: dict[str, Callable[..., dict[str, object]]] = {
    "-": read_yaml, "yaml": read_yaml, "yml": read_yaml, "+": read_toml, "toml": read_toml, ";": read_members,
    "json": read_json,
}  # fmt: skip
# The languages in which front matter is program code that Eleventy and other site generators run.
_PROGRAM_LANGUAGES = frozenset({
    "js", "javascript", "jsx", "ts", "typescript", "node", "coffee", "coffeescript", "cson", "ruby", "rb", "python",
    "py", "perl", "php",
})  # fmt: skip
# Maps the first character of a delimiter to a pattern that matches the start of a field.
_FIELDS = {
    "-": re.compile(r"(?P<quote>[\"']?)(?P<name>\w[\w .-]{0,80}?)(?P=quote)[ \t]*:(?=[ \t]|\Z)"),
    "+": re.compile(r"(?P<quote>[\"']?)(?P<name>\w[\w.-]{0,80}?)(?P=quote)[ \t]*="),
    ";": re.compile(r'"(?P<name>[^"]*)"[ \t]*:'),
}
# Matches a line that may precede the first field: an empty line, a comment or the name of a TOML table.
_ABOVE = re.compile(r"[ \t]*(?:\Z|[#\[])")
# Matches a line that may be between two fields: an indented line, a list item, a comment or brackets.
_BETWEEN = re.compile(r"[ \t]+\S|- |[#\[\]}]")


def find_delimited(text: str, start: int) -> FrontMatterBlock | None:
    """Return the front matter with delimiters that begins at `start`, or None if no such front matter begins there.

    Raises InvalidError if the front matter is program code, which is never run, or has no closing delimiter.
    """
    if _MEMBER.match(text, start):
        return _members_of(text, start)
    opening = _OPENING.match(text, start)
    block = _block_of(text, opening) if opening else None
    if block is None and _are_fields_below(text, start):
        hint = "Add a line --- below the fields, or write the first line as *** if it is a horizontal rule."
        raise parse_error("no closing delimiter", line=line_of(text, start), hint=hint)
    return block


def is_opened(text: str, start: int) -> bool:
    """Return whether the line at `start` is an opening delimiter."""
    return _OPENING.match(text, start) is not None


def _members_of(text: str, start: int) -> FrontMatterBlock | None:
    closing = _MEMBERS_END.search(text, start)
    if closing is None:
        return None
    block = with_line_feeds(text[start : closing.start()])
    read = partial(read_members, block, first_line=line_of(text, start))
    return FrontMatterBlock(Kind.DELIMITED, closing.end(), read)


def _block_of(text: str, opening: re.Match[str]) -> FrontMatterBlock | None:
    mark = opening["mark"]
    line = line_of(text, opening.start())
    language = opening["language"].lower() or mark[0]
    if language in _PROGRAM_LANGUAGES:
        hint = "Write the fields in YAML between two lines ---."
        raise parse_error("program code is not run", line=line, hint=hint)
    reader = _READERS.get(language)
    # As the closing delimiter, Jekyll also accepts `...`, which is the end marker of a YAML document.
    marks = r"---|\.\.\." if mark == "---" and reader is read_yaml else re.escape(mark)
    closing = re.compile(f"[\r\n](?P<mark>{marks}){LINE_END}").search(text, opening.end()) if reader else None
    if closing is None or reader is None:
        return None
    # Text between the usual delimiters at the top of a file is front matter. Other delimiters, and delimiters
    # elsewhere, may be horizontal rules, so the text between them has to look like fields.
    is_certain = line == 1 and mark in ("---", "+++") and closing["mark"] == mark
    if not is_certain and not _are_fields_below(text, opening.start()):
        return None
    block = with_line_feeds(text[opening.end() : closing.start() + 1])
    return FrontMatterBlock(Kind.DELIMITED, closing.end(), partial(reader, block, first_line=line))


def _are_fields_below(text: str, start: int) -> bool:
    """Return whether the line at `start` looks like a delimiter above two fields or above a recognized field."""
    opening = _LIKE_OPENING.match(text, start)
    if opening is None:
        return False
    pattern = _FIELDS[opening["mark"][0]]
    is_below_field = False
    for line in LINE.finditer(text, opening.end()):
        field = pattern.match(line["typed"])
        if field and (is_below_field or field["name"] in RECOGNIZED_NAMES):
            return True
        if field is None and not (_BETWEEN if is_below_field else _ABOVE).match(line["typed"]):
            return False
        is_below_field = is_below_field or field is not None
    return False
