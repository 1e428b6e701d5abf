"""Find and format the markers with which Ghost restricts parts of a post to members."""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from .values import as_object, as_text

PAYWALL_COMMENT: Final = "<!--members-only-->"
GATE_END_COMMENT: Final = "<!--kg-gated-block:end-->"
# Matches an HTML comment that marks the start or the end of a restricted part.
GATE_COMMENT: Final = re.compile(
    r"(<!--\s*(?:(?:members-only|kg-gated-block:end)\s*|kg-gated-block:begin\b[^>\n]{0,1000})-->)"
)
# Matches a marker of a restricted part in HTML, Lexical or Mobiledoc. If the text of a post merely mentions a marker of
# Lexical or Mobiledoc, the pattern does not match, because JSON escapes the quotation marks in a text with backslashes.
_GATE: Final = re.compile(
    r"""<!--\s*members-only\s*-->
    | kg-gated-block:begin(?![^>\n]{0,1000}\bnonMember:["']?true)
    | "type"\s*:\s*"paywall" | \[\s*"paywall"\s*,
    | "(?:nonMember|showOnWeb)"\s*:\s*false | "emailOnly"\s*:\s*true
    """,
    re.VERBOSE,
)
# Every match of `_GATE` contains one of these strings. Most posts contain none of them, and searching for strings is
# much faster than searching for the pattern, so the strings are searched for first.
_GATE_WORDS: Final = ("members-only", "kg-gated-block", '"paywall"', '"nonMember"', '"showOnWeb"', '"emailOnly"')


def is_gated(content: object) -> bool:
    """Return whether content in any format of Ghost contains parts that Ghost does not show to every visitor."""
    text = json.dumps(content) if isinstance(content, dict) else content
    return isinstance(text, str) and any(word in text for word in _GATE_WORDS) and _GATE.search(text) is not None


def format_gate_start(payload: Mapping[str, Any]) -> str | None:
    """Return the HTML comment that Ghost writes before a restricted card, or None if the card is public."""
    web = as_object(as_object(payload.get("visibility")).get("web"))
    if web.get("nonMember") is not False:
        return None
    segment = escape(as_text(web.get("memberSegment")) or "")
    return f'<!--kg-gated-block:begin nonMember:false memberSegment:"{segment}" -->'
