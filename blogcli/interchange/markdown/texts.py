"""Bytes -> text, and the first heading of one."""

import re

from ...errors import InvalidError

# https://spec.commonmark.org/0.31.2/#atx-headings and #fenced-code-blocks
_HEADING = re.compile(r" {0,3}#[ \t]")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")


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
    """The text of the first `# Heading` outside code, or None."""
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            # A fence ends with at least as many of the same marks and nothing else.
            if mark and mark["fence"].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark:
            fence = mark["fence"]
        elif _HEADING.match(line):
            heading = _without_closing_marks(line.strip()[1:].strip())
            if heading:
                return heading
    return None


def _without_closing_marks(heading: str) -> str:
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else heading
