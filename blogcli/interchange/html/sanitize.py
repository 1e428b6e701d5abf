"""Sanitize HTML, so that any page can display the HTML safely."""

import re
from typing import Final, Literal, TypeAlias

import nh3

_RelativeUrls: TypeAlias = Literal["pass_through"] | tuple[Literal["rewrite_with_base"], str]

_LANGUAGE: Final = re.compile(r"language-[\w+#.-]{1,30}")
_ATTRIBUTES: Final = {**nh3.ALLOWED_ATTRIBUTES, "code": {"class"}}


def sanitize(html: str, *, base: str | None = None) -> str:
    """Return `html` without its scripts, frames, forms and styles.

    If `base` is given, relative URLs are resolved against this URL.
    """
    relative: _RelativeUrls = ("rewrite_with_base", base) if base else "pass_through"
    return nh3.clean(html, attributes=_ATTRIBUTES, attribute_filter=_filter_attribute, url_relative=relative)


def _filter_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Return the value of an attribute, or None to remove the attribute.

    The class of a `<code>` element is kept only if the class names a programming language, such as `language-php`.
    """
    is_class = (tag, attribute) == ("code", "class")
    return value if not is_class or _LANGUAGE.fullmatch(value) else None
