"""HTML that is safe to show wherever it goes."""

import re
from typing import Final, Literal, TypeAlias

import nh3

_Relative: TypeAlias = Literal["pass_through"] | tuple[Literal["rewrite_with_base"], str]

_LANGUAGE: Final = re.compile(r"language-[\w+#.-]{1,30}")
_ATTRIBUTES: Final = {**nh3.ALLOWED_ATTRIBUTES, "code": {"class"}}


def cleaned(html: str, *, base: str | None = None) -> str:
    """The HTML without scripts, frames, forms or styles; with a base, no address is relative to it any longer."""
    relative: _Relative = ("rewrite_with_base", base) if base else "pass_through"
    return nh3.clean(html, attributes=_ATTRIBUTES, attribute_filter=_allowed, url_relative=relative)


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    """The value of an attribute, None where it is left out: of classes, only a language stays."""
    return value if (tag, attribute) != ("code", "class") or _LANGUAGE.fullmatch(value) else None
