"""The paragraphs of classic bodies, which WordPress makes of empty lines when it shows them."""

import re
from collections.abc import Iterator
from typing import Final

_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)(?=[\s/>])[^<>]*>", re.IGNORECASE)
# Source: allblocks in wpautop, wp-includes/formatting.php.
_BLOCKS: Final = frozenset(
    str.split(
        "table thead tfoot caption col colgroup tbody tr td th div dl dd dt ul ol li pre form map area blockquote "
        "address style p h1 h2 h3 h4 h5 h6 hr fieldset legend section article aside hgroup header footer nav "
        "figure figcaption details menu summary iframe"
    )
)
_EXACT: Final = frozenset(str.split("pre script style textarea svg math object video audio select"))
# Around a single paragraph they need none.
_LINES: Final = _BLOCKS - {"blockquote", "hr", "iframe"}
_TWO_BREAKS: Final = re.compile(r"<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
# Blanks before a break are looked at once, from the first of them.
_BREAK: Final = re.compile(r"(?>(?:(?<![ \t])[ \t]+)?)(?:<br\s*/?>[ \t]*\n?|\n)[ \t]*", re.IGNORECASE)
_EMPTY_LINES: Final = re.compile(r"\n[ \t]*\n\s*")
_LINK: Final = re.compile(r"(<a\s(?=[^<>]*href)[^<>]*>)((?>(?:[^<]+|<(?!/?a[\s>]))*))</a\s*>", re.IGNORECASE)
_BORDER: Final = re.compile(
    rf"({_EMPTY_LINES.pattern}|{_TWO_BREAKS.pattern}|</?(?:{'|'.join(_BLOCKS)})(?=[\s/>])[^<>]*>)", re.IGNORECASE
)
# Characters of tags, with which many links would fill the memory.
_MOST_REPEATED: Final = 100_000


def with_paragraphs(content: str) -> str:
    """The body as HTML in which empty lines are paragraphs and single line ends are breaks."""
    lines = content.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_parts("".join(_with_links_in_blocks(lines))))


def _with_links_in_blocks(text: str) -> Iterator[str]:
    """The text, each link around paragraphs within each of them instead."""
    at = 0
    for start, end, name in _blocks(text):
        if name in _EXACT:
            yield _LINK.sub(_divided, text[at:start])
            yield text[start:end]
            at = end
    yield _LINK.sub(_divided, text[at:])


def _divided(link: re.Match[str]) -> str:
    start, inner = link.groups()
    parts = _BORDER.split(inner)
    if len(parts) == 1 or len(parts) * len(start) > _MOST_REPEATED:
        return link[0]
    return "".join(part if at % 2 or not part.strip() else f"{start}{part}</a>" for at, part in enumerate(parts))


def _parts(text: str) -> Iterator[str]:
    at, before = 0, ""
    for start, end, name in _blocks(text):
        yield from _paragraphs(text[at:start], before)
        yield f"\n{text[start:end]}\n" if name not in _EXACT else text[start:end]
        at, before = end, name
    yield from _paragraphs(text[at:], before)


def _blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """Where block tags and whole exact elements begin and end, with the name of a tag that opens."""
    at, unclosed = 0, set[str]()
    while found := _TAG.search(text, at):
        at = found.end()
        name, is_end = found[2].lower(), bool(found[1])
        if name in _EXACT and not is_end and name not in unclosed:
            end = _end_of(text, name, at)
            if end > 0:
                yield found.start(), end, name
                at = end
                continue
            unclosed.add(name)
        if name in _BLOCKS:
            yield found.start(), at, "" if is_end else name


def _end_of(text: str, name: str, at: int) -> int:
    found = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, at)
    return found.end() if found else -1


def _paragraphs(text: str, before: str) -> Iterator[str]:
    if not text.strip():
        return
    whole = _TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    found = [part.strip() for part in _EMPTY_LINES.split(_TWO_BREAKS.sub("\n\n", whole)) if part.strip()]
    broken = [_BREAK.sub("<br />", part) for part in found]
    if len(broken) == 1 and before in _LINES:
        yield broken[0]
    else:
        yield from (f"<p>{part}</p>\n" for part in broken)
