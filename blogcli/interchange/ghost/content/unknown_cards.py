"""Represent the values of unknown cards as HTML comments."""

import json
import re
from collections.abc import Mapping
from typing import Any

from ..values import is_empty
from .fragments import Fragment

# The keys of a Lexical node whose values do not belong to the card. They are not written to the comment for the card.
_NODE_KEYS = {"type", "version"}
# Keys of a card with HTML that do not contain other texts: the texts that become HTML and Markdown, and the audience.
_KEYS_BESIDE_HTML = {"html", "caption", "visibility"}


def select_other_texts(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a card with HTML that may contain text that is not in the HTML or the caption."""
    return {
        key: value
        for key, value in payload.items()
        if key not in _NODE_KEYS | _KEYS_BESIDE_HTML and isinstance(value, str | list | dict) and not is_empty(value)
    }


def make_comments(name: str, payload: Mapping[str, Any]) -> list[Fragment]:
    """Return a list with an HTML comment that contains the values of a card, or an empty list for an empty payload."""
    if not payload:
        return []
    values = {key: value for key, value in payload.items() if key not in _NODE_KEYS}
    # HTML comments must not contain two consecutive hyphens, so the second hyphen is escaped.
    text = json.dumps(values, ensure_ascii=False).replace("--", "-\\u002d")
    return [Fragment(f"<!-- ghost:{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')} {text} -->", is_html=False)]
