"""The comments with which WordPress's editor delimits its blocks."""

import json
import re
from collections.abc import Iterator
from typing import Final

_BLOCK: Final = re.compile(
    r"\s+(?P<end>/)?wp:(?P<name>[a-z][a-z0-9_/-]*)\s+(?P<attributes>\{.*\}\s+)?(?P<void>/)?", re.DOTALL
)
_PRE: Final = re.compile(r"\s*<pre(?=[\s>])", re.IGNORECASE)
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
            language = _language(block["attributes"])
            if block["void"] and block["name"] not in _EMPTY:
                empty[block["name"]] = None
                yield f"<div>{_one_line(content[start + 4 : end])}</div>"
        at = end + 3
    yield _with_language(content[at:], language)


def _one_line(comment: str) -> str:
    # As WordPress writes it: the signs can stand in texts of JSON only.
    plain = " ".join(comment.split("\n")).replace("<", "\\u003c").replace(">", "\\u003e")
    return f"<!--{plain}-->"


def _language(attributes: str | None) -> str:
    if not attributes or '"language"' not in attributes:
        return ""
    try:
        found = json.loads(attributes)["language"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
    return found if isinstance(found, str) and re.fullmatch(r"[\w+#.-]{1,30}", found) else ""


def _with_language(html: str, language: str) -> str:
    return _PRE.sub(lambda found: f'{found[0]} data-lang="{language}"', html, count=1) if language else html
