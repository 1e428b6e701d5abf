"""The comments with which WordPress's editor delimits its blocks."""

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final

_BLOCK: Final = re.compile(
    r"\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_/-]*)\s+(?P<attributes>\{.*\}\s+)?(?P<void>/)?", re.DOTALL
)
_PRE: Final = re.compile(r"\s*<pre(?=[\s>])", re.IGNORECASE)
# In characters: an image of a cover stands at its start.
_NEAR: Final = 5_000
_WANTED: Final = ("language", "url")
# That hold nothing even when WordPress shows them.
_EMPTY: Final = {"spacer", "separator", "more", "nextpage", "paragraph"}


def has_blocks(content: str) -> bool:
    """Whether the editor of blocks wrote it, as WordPress tells."""
    return "<!-- wp:" in content


def without_blocks(content: str) -> tuple[str, list[str]]:
    """What the blocks hold, and the names of those that hold nothing until they are shown: their comments stay."""
    empty: dict[str, None] = {}
    return "".join(_between(content, empty)), list(empty)


def _between(content: str, empty: dict[str, None]) -> Iterator[str]:
    at = 0
    language = ""
    while (start := content.find("<!--", at)) >= 0 and (end := content.find("-->", start + 4)) >= 0:
        block = _BLOCK.fullmatch(content, start + 4, end)
        yield _with_language(content[at:start], language)
        language = ""
        if block is None:
            yield content[start : end + 3]
        elif not block["end"]:
            attributes = _attributes(block["attributes"])
            language = _language(attributes)
            if block["name"] == "cover":
                yield _background(attributes, content[end : end + _NEAR])
            if block["void"] and block["name"] not in _EMPTY:
                empty[block["name"]] = None
                yield f"<div>{_one_line(content[start + 4 : end])}</div>"
        at = end + 3
    yield _with_language(content[at:], language)


def _one_line(comment: str) -> str:
    # As WordPress writes it: the signs can stand in texts of JSON only.
    plain = " ".join(comment.split("\n")).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!--{plain}-->"


def _attributes(text: str | None) -> dict[str, Any]:
    # Of most blocks nobody wants to know them.
    if not text or not any(f'"{name}"' in text for name in _WANTED):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _background(attributes: dict[str, Any], start: str) -> str:
    """The image behind the text of a cover that starts so, where it has it in a style only."""
    url, alt = attributes.get("url"), attributes.get("alt")
    if not isinstance(url, str) or any(f'src="{each}"' in start for each in (url, escape(url))):
        return ""
    return f'<p><img src="{escape(url)}" alt="{escape(alt) if isinstance(alt, str) else ""}" /></p>'


def _language(attributes: dict[str, Any]) -> str:
    found = attributes.get("language")
    return found if isinstance(found, str) and re.fullmatch(r"[\w+#.-]{1,30}", found) else ""


def _with_language(html: str, language: str) -> str:
    return _PRE.sub(lambda found: f'{found[0]} data-lang="{language}"', html, count=1) if language else html
