"""Format HTML so that a Markdown parser does not change the HTML."""

import re
from collections.abc import Iterator
from typing import Final

# Matches the start of a comment or of an element `pre`, `textarea`, `script` or `style`. In Markdown, a block of HTML
# usually ends at an empty line. A block that begins with such a comment or element ends where the comment or element
# ends.
_START: Final = re.compile(r"<!--|<(pre|textarea|script|style)(?=[\s>])", re.IGNORECASE)
_ENDS: Final = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("pre", "textarea", "script", "style")}
_COMMENT_END: Final = re.compile("-->")
_EMPTY_LINES: Final = re.compile(r"\n[ \t]*(?=\n)")
_END_BEFORE_EMPTY: Final = re.compile(r"\n(?=[ \t]*\n)")
_INDENTATION: Final = re.compile(r"(?<=\n)[ \t]+")


def format_raw_html(html: str) -> str:
    """Change HTML so that a Markdown parser reads all of it as a single block of HTML.

    Empty lines are removed or escaped, because they would end the block. The indentation of a line is removed if a
    Markdown parser could read the line as code.
    """
    return "".join(_format_parts(re.sub(r"\r\n?", "\n", html).strip()))


def _format_parts(html: str) -> Iterator[str]:
    position = 0
    while start := _START.search(html, position):
        name = (start[1] or "").lower()
        end = (_ENDS[name] if name else _COMMENT_END).search(html, start.end())
        yield _format_outside(html[position : start.start()], is_first=position == 0)
        position = end.end() if end else len(html)
        inside = html[start.start() : position]
        # Empty lines in an element or comment at the start of the block are kept, because they do not end the block.
        yield inside if start.start() == 0 else _format_inside(name, inside)
    yield _format_outside(html[position:], is_first=position == 0)


def _format_outside(html: str, *, is_first: bool) -> str:
    text = _EMPTY_LINES.sub("", html)
    return text if is_first else _INDENTATION.sub("", text, count=1)


def _format_inside(name: str, html: str) -> str:
    if name in {"pre", "textarea"}:
        return _END_BEFORE_EMPTY.sub("&#10;", html)
    return _EMPTY_LINES.sub("", html)
