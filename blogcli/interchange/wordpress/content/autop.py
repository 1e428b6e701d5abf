"""Add <p> and <br> elements to content of the classic editor, as the function wpautop of WordPress does."""

import re
from collections.abc import Iterator
from typing import Final

_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)(?=[\s/>])[^<>]*>", re.IGNORECASE)
# The block elements that wpautop lists in its variable `allblocks` (wp-includes/formatting.php).
_BLOCKS: Final = frozenset(
    str.split(
        "table thead tfoot caption col colgroup tbody tr td th div dl dd dt ul ol li pre form map area blockquote "
        "address style p h1 h2 h3 h4 h5 h6 hr fieldset legend section article aside hgroup header footer nav "
        "figure figcaption details menu summary iframe"
    )
)
# Elements whose content is copied without changes.
_PREFORMATTED: Final = frozenset(str.split("pre script style textarea svg math object video audio select"))
# Block elements in which text is wrapped in <p> only if the text has several paragraphs.
_BLOCKS_WITH_INLINE_CONTENT: Final = _BLOCKS - {"blockquote", "hr", "iframe"}
_TWO_BREAKS: Final = re.compile(r"<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
# Because of the lookbehind, a match can begin only at the first of several spaces. A long run of spaces is therefore
# scanned in linear time.
_BREAK: Final = re.compile(r"(?>(?:(?<![ \t])[ \t]+)?)(?:<br\s*/?>[ \t]*\n?|\n)[ \t]*", re.IGNORECASE)
_EMPTY_LINES: Final = re.compile(r"\n[ \t]*\n\s*")
_LINK: Final = re.compile(r"(<a\s(?=[^<>]*href)[^<>]*>)((?>(?:[^<]+|<(?!/?a[\s>]))*))</a\s*>", re.IGNORECASE)
_PARAGRAPH_BORDER: Final = re.compile(
    rf"({_EMPTY_LINES.pattern}|{_TWO_BREAKS.pattern}|</?(?:{'|'.join(_BLOCKS)})(?=[\s/>])[^<>]*>)", re.IGNORECASE
)
# If a link encloses several paragraphs, the link is split: its start tag is copied to each paragraph. The link is not
# split if all copies together would have more than this number of characters.
_MAX_REPEATED: Final = 100_000


def add_paragraphs(content: str) -> str:
    """Enclose the parts between empty lines in <p> elements, and convert single line breaks to <br>."""
    text = content.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_wrap_blocks("".join(_split_links(text))))


def _split_links(text: str) -> Iterator[str]:
    """Split each link that encloses several paragraphs into one link per paragraph, and yield the text in parts."""
    position = 0
    for start, end, name in _find_blocks(text):
        if name in _PREFORMATTED:
            yield _LINK.sub(_split_link, text[position:start])
            yield text[start:end]
            position = end
    yield _LINK.sub(_split_link, text[position:])


def _split_link(link: re.Match[str]) -> str:
    opening_tag, inner_html = link.groups()
    parts = _PARAGRAPH_BORDER.split(inner_html)
    if len(parts) == 1 or len(parts) * len(opening_tag) > _MAX_REPEATED:
        return link[0]
    # The parts with odd indexes are the separators between the paragraphs. They stay outside the links.
    return "".join(
        part if index % 2 or not part.strip() else f"{opening_tag}{part}</a>" for index, part in enumerate(parts)
    )


def _wrap_blocks(text: str) -> Iterator[str]:
    position = 0
    previous_block = ""
    for start, end, name in _find_blocks(text):
        yield from _wrap_paragraphs(text[position:start], previous_block)
        yield f"\n{text[start:end]}\n" if name not in _PREFORMATTED else text[start:end]
        position = end
        previous_block = name
    yield from _wrap_paragraphs(text[position:], previous_block)


def _find_blocks(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the start position, the end position and the name of each block tag and each preformatted element.

    The positions of a preformatted element include its content and its end tag. The name of an end tag is an empty
    string.
    """
    position = 0
    unclosed = set[str]()
    while tag := _TAG.search(text, position):
        position = tag.end()
        name = tag[2].lower()
        is_end_tag = bool(tag[1])
        if name in _PREFORMATTED and not is_end_tag and name not in unclosed:
            end = _find_end(text, name, position)
            if end > 0:
                yield tag.start(), end, name
                position = end
                continue
            unclosed.add(name)
        if name in _BLOCKS:
            yield tag.start(), position, "" if is_end_tag else name


def _find_end(text: str, name: str, start: int) -> int:
    end_tag = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(text, start)
    return end_tag.end() if end_tag else -1


def _wrap_paragraphs(text: str, previous_block: str) -> Iterator[str]:
    if not text.strip():
        return
    text_with_joined_tags = _TAG.sub(lambda tag: tag[0].replace("\n", " "), text)
    parts = _EMPTY_LINES.split(_TWO_BREAKS.sub("\n\n", text_with_joined_tags))
    paragraphs = [_BREAK.sub("<br />", part.strip()) for part in parts if part.strip()]
    if len(paragraphs) == 1 and previous_block in _BLOCKS_WITH_INLINE_CONTENT:
        yield paragraphs[0]
    else:
        yield from (f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
