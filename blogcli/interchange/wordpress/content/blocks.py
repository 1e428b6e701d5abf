"""Remove the HTML comments with which the block editor of WordPress delimits blocks of content."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final

from ....text.json_text import parse_json

_BLOCK: Final = re.compile(
    r"\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_/-]*)\s+(?P<attributes>\{.*\}\s+)?(?P<void>/)?", re.DOTALL
)
_PRE: Final = re.compile(r"\s*<pre(?=[\s>])", re.IGNORECASE)
# To find the background image of a cover block, only this number of characters at the start of the block is searched.
_COVER_START: Final = 5_000
_USED_ATTRIBUTES: Final = ("language", "url")
# A block that consists only of a comment is usually dynamic. The following blocks are exceptions: WordPress displays
# nothing for them if they consist only of a comment.
_EMPTY_BLOCKS: Final = {"spacer", "separator", "more", "nextpage", "paragraph"}
_LANGUAGE: Final = re.compile(r"[\w+#.-]{1,30}")


def has_blocks(content: str) -> bool:
    """Return whether content was written in the block editor.

    WordPress has a function `has_blocks` that performs the same test.
    """
    return "<!-- wp:" in content


def strip_block_comments(content: str) -> tuple[str, list[str]]:
    """Remove the comments that delimit blocks, except the comments of dynamic blocks.

    WordPress generates the content of a dynamic block from its comment. Returns the changed content and the names of
    the dynamic blocks.
    """
    # A dict is used as an ordered set.
    dynamic_blocks: dict[str, None] = {}
    return "".join(_strip_comments(content, dynamic_blocks)), list(dynamic_blocks)


def _strip_comments(content: str, dynamic_blocks: dict[str, None]) -> Iterator[str]:
    position = 0
    language = ""
    while (start := content.find("<!--", position)) >= 0 and (end := content.find("-->", start + 4)) >= 0:
        block = _BLOCK.fullmatch(content, start + 4, end)
        yield _add_language(content[position:start], language)
        language = ""
        if block is None:
            yield content[start : end + 3]
        elif not block["end"]:
            attributes = _parse_attributes(block["attributes"])
            language = _get_language(attributes)
            if block["name"] == "cover":
                yield _format_background(attributes, content[end : end + _COVER_START])
            if block["void"] and block["name"] not in _EMPTY_BLOCKS:
                dynamic_blocks[block["name"]] = None
                yield f"<div>{_format_comment(content[start + 4 : end])}</div>"
        position = end + 3
    yield _add_language(content[position:], language)


def _format_comment(text: str) -> str:
    """Return a block comment on one line. < and > are written as the JSON escapes that WordPress uses.

    In a block comment, < and > occur only inside JSON strings.
    """
    line = " ".join(text.split("\n")).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!--{line}-->"


def _parse_attributes(text: str | None) -> dict[str, Any]:
    # To save time, the JSON is parsed only if it contains the name of an attribute that is used.
    if not text or not any(f'"{name}"' in text for name in _USED_ATTRIBUTES):
        return {}
    try:
        attributes = parse_json(text)
    except ValueError:
        return {}
    return attributes if isinstance(attributes, dict) else {}


def _format_background(attributes: dict[str, Any], start: str) -> str:
    """Return the background image of a cover block as an <img> element.

    `start` is the HTML at the start of the block. Returns an empty string if the block has no background image, or if
    an element in `start` already displays the image.
    """
    url = attributes.get("url")
    alt = attributes.get("alt")
    if not isinstance(url, str) or any(f'src="{address}"' in start for address in (url, escape(url))):
        return ""
    return f'<p><img src="{escape(url)}" alt="{escape(alt) if isinstance(alt, str) else ""}" /></p>'


def _get_language(attributes: dict[str, Any]) -> str:
    language = attributes.get("language")
    return language if isinstance(language, str) and _LANGUAGE.fullmatch(language) else ""


def _add_language(html: str, language: str) -> str:
    """If the HTML begins with a <pre> tag, add the programming language to the tag as an attribute."""
    return _PRE.sub(lambda start: f'{start[0]} data-lang="{language}"', html, count=1) if language else html
