"""HTML that stands in Markdown as it is; pure."""

import re
from collections.abc import Iterator
from typing import Final

# In these, blanks and line ends are text; where one ends, a block of Markdown may end too.
_START: Final = re.compile(r"<!--|<(pre|textarea|script|style)(?=[\s>])", re.IGNORECASE)
_ENDS: Final = {name: re.compile(rf"</{name}\s*>", re.IGNORECASE) for name in ("pre", "textarea", "script", "style")}
_COMMENT_END: Final = re.compile("-->")
_EMPTY_LINES: Final = re.compile(r"\n[ \t]*(?=\n)")
_END_BEFORE_EMPTY: Final = re.compile(r"\n(?=[ \t]*\n)")
_INDENTATION: Final = re.compile(r"(?<=\n)[ \t]+")


def raw(html: str) -> str:
    """The HTML as a block that no empty line ends, and of which no line is code for its indentation."""
    return "".join(_parts(re.sub(r"\r\n?", "\n", html).strip()))


def _parts(html: str) -> Iterator[str]:
    at = 0
    while found := _START.search(html, at):
        name = (found[1] or "").lower()
        end = (_ENDS[name] if name else _COMMENT_END).search(html, found.end())
        yield _outside(html[at : found.start()], is_first=at == 0)
        at = end.end() if end else len(html)
        inside = html[found.start() : at]
        # What the block begins with may have empty lines.
        yield inside if found.start() == 0 else _inside(name, inside)
    yield _outside(html[at:], is_first=at == 0)


def _outside(html: str, *, is_first: bool) -> str:
    text = _EMPTY_LINES.sub("", html)
    return text if is_first else _INDENTATION.sub("", text, count=1)


def _inside(name: str, html: str) -> str:
    if name in {"pre", "textarea"}:
        return _END_BEFORE_EMPTY.sub("&#10;", html)
    return _EMPTY_LINES.sub("", html)
