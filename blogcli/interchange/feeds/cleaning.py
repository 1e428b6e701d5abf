"""HTML that any reader of feeds may show."""

import re
from typing import Final

import nh3

_LANGUAGE: Final = re.compile(r"language-[\w+#.-]{1,30}")
_ATTRIBUTES: Final = {**nh3.ALLOWED_ATTRIBUTES, "code": {"class"}}


def cleaned(html: str, base: str) -> str:
    """The HTML without scripts, frames, forms or styles, its addresses no longer relative to the base."""
    return nh3.clean(html, attributes=_ATTRIBUTES, attribute_filter=_allowed, url_relative=("rewrite_with_base", base))


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    # As where Markdown becomes HTML: of classes, only a language stays.
    return value if (tag, attribute) != ("code", "class") or _LANGUAGE.fullmatch(value) else None
