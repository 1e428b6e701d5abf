"""Decode the bytes of a Markdown file, and find the first heading in a Markdown text."""

import re
from collections.abc import Iterator

from ...errors import InvalidError

# The patterns follow the definitions of blocks in CommonMark: https://spec.commonmark.org/0.31.2/#leaf-blocks
_HEADING = re.compile(r" {0,3}#[ \t]")
_UNDERLINE = re.compile(r" {0,3}=+\s*$")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_COMMENT = re.compile(r" {0,3}<!--(?!.*-->)")
# Matches the first line of a block that is not a paragraph: a quote, a list, a table, a heading, HTML or code.
_OTHER_BLOCK = re.compile(r" {0,3}(?:[>|<#]|[-*+][ \t]|\d{1,9}[.)][ \t])| {4}|\t")


def decode(data: bytes) -> str:
    """Decode bytes as UTF-8 and remove a byte order mark.

    Raises InvalidError if the bytes are not valid UTF-8 or contain NUL. The message contains the offset of the invalid
    byte, counted from 0.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(f"byte {error.start} is not UTF-8", hint="Save the file as UTF-8.") from error
    nul = data.find(b"\0")
    if nul >= 0:
        raise InvalidError(f"byte {nul} is NUL", hint="Check that this is a text file.")
    return text.removeprefix("\ufeff")


def first_heading(body: str) -> str | None:
    """Return the text of the first heading of level 1 in `body`, or None if `body` has no such heading.

    The heading may be a line `# Heading` or a paragraph underlined with `===`. Fenced code and HTML comments are
    skipped.
    """
    paragraph = list[str]()
    is_in_other_block = False
    for line in _lines_without_code(body):
        if _HEADING.match(line):
            heading = _without_closing_marks(line.strip()[1:].strip())
            if heading:
                return heading
        if paragraph and _UNDERLINE.match(line):
            return " ".join(paragraph)
        is_blank = not line.strip()
        if not is_blank and not is_in_other_block and (paragraph or not _OTHER_BLOCK.match(line)):
            paragraph.append(line.strip())
        else:
            # A line directly below a quote, a list or another block that is not a paragraph may belong to this block,
            # so a new paragraph begins only after an empty line.
            paragraph = []
            is_in_other_block = not is_blank
    return None


def _lines_without_code(body: str) -> Iterator[str]:
    """Yield the lines of `body`. Lines of fenced code and of HTML comments are replaced with empty strings."""
    fence = ""
    is_in_comment = False
    for line in body.split("\n"):
        opening = _FENCE.match(line)
        if is_in_comment:
            is_in_comment = "-->" not in line
        elif fence:
            # A closing fence has at least as many characters as the opening fence, and no text after it.
            if opening and opening["fence"].startswith(fence) and not line[opening.end() :].strip():
                fence = ""
        elif opening:
            fence = opening["fence"]
        elif _COMMENT.match(line):
            is_in_comment = True
        else:
            yield line
            continue
        yield ""


def _without_closing_marks(heading: str) -> str:
    without_marks = heading.rstrip("#")
    return without_marks.rstrip() if without_marks[-1:] in ("", " ", "\t") else heading
