"""What says in Ghost's bodies that parts of them are not for all; pure."""

import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from .values import plain_object, text_of

PAYWALL: Final = "<!--members-only-->"
GATE_END: Final = "<!--kg-gated-block:end-->"
# Any of them, as it stands in HTML.
MARK: Final = re.compile(r"(<!--\s*(?:(?:members-only|kg-gated-block:end)\s*|kg-gated-block:begin\b[^>\n]{0,1000})-->)")
# Wherever in JSON or HTML they stand; what is quoted within a text of JSON has a backslash before its quotation marks.
_GATED: Final = re.compile(
    r"""<!--\s*members-only\s*-->
    | kg-gated-block:begin(?![^>\n]{0,1000}\bnonMember:["']?true)
    | "type"\s*:\s*"paywall" | \[\s*"paywall"\s*,
    | "(?:nonMember|showOnWeb)"\s*:\s*false | "emailOnly"\s*:\s*true
    """,
    re.VERBOSE,
)
# Of which each of those has one: most bodies have none, and are looked through in a fraction of the time.
_WORDS: Final = ("members-only", "kg-gated-block", '"paywall"', '"nonMember"', '"showOnWeb"', '"emailOnly"')


def is_gated(body: object) -> bool:
    """Whether Ghost shows parts of a body, in whichever of its formats, to those only who have logged in."""
    text = json.dumps(body) if isinstance(body, dict) else body
    return isinstance(text, str) and any(word in text for word in _WORDS) and _GATED.search(text) is not None


def gate_of(payload: Mapping[str, Any]) -> str | None:
    """The comment that Ghost writes before a card that is not for all; None where it is."""
    web = plain_object(plain_object(payload.get("visibility")).get("web"))
    if web.get("nonMember") is not False:
        return None
    segment = escape(text_of(web.get("memberSegment")) or "")
    return f'<!--kg-gated-block:begin nonMember:false memberSegment:"{segment}" -->'
