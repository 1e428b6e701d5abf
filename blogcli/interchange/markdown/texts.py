"""Bytes -> text, and the first heading of one."""

import re
from collections.abc import Iterator

from ...errors import InvalidError

# https://spec.commonmark.org/0.31.2/#leaf-blocks
_HEADING = re.compile(r" {0,3}#[ \t]")
_UNDERLINE = re.compile(r" {0,3}=+\s*$")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_COMMENT = re.compile(r" {0,3}<!--(?!.*-->)")
# Quotes, lists, tables, HTML and code: lines below them go on with them.
_NO_PARAGRAPH = re.compile(r" {0,3}(?:[>|<#]|[-*+][ \t]|\d{1,9}[.)][ \t])| {4}|\t")


def decode(data: bytes) -> str:
    """`data` as text, without a byte order mark.

    Raises InvalidError with the offset, counted from 0, of the first byte that is not UTF-8 or is a NUL.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(f"byte {error.start} is not UTF-8", hint="Save the file as UTF-8.") from error
    nul = data.find(b"\0")
    if nul >= 0:
        raise InvalidError(f"byte {nul} is NUL", hint="Text cannot hold NUL; is this a text file?")
    return text.removeprefix("\ufeff")


def first_heading(body: str) -> str | None:
    """The text of the first `# Heading`, or line underlined by `===`, outside code and comments, or None."""
    paragraph, is_other = list[str](), False
    for line in _shown_lines(body):
        if _HEADING.match(line):
            heading = _without_closing_marks(line.strip()[1:].strip())
            if heading:
                return heading
        if paragraph and _UNDERLINE.match(line):
            return " ".join(paragraph)
        if not line.strip():
            paragraph, is_other = [], False
        elif not is_other and (paragraph or not _NO_PARAGRAPH.match(line)):
            paragraph.append(line.strip())
        else:
            paragraph, is_other = [], True
    return None


def _shown_lines(body: str) -> Iterator[str]:
    """The lines, each empty that belongs to code in a fence or to a comment."""
    fence, in_comment = "", False
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if in_comment:
            in_comment = "-->" not in line
        elif fence:
            # A fence ends with at least as many of the same marks and nothing else.
            if mark and mark["fence"].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark:
            fence = mark["fence"]
        elif _COMMENT.match(line):
            in_comment = True
        else:
            yield line
            continue
        yield ""


def _without_closing_marks(heading: str) -> str:
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else heading
