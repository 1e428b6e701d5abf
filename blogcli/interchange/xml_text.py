"""Texts and elements of XML, as formats write them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

# Also not where they are escaped. Source: XML 1.0, section 2.2; surrogates have no place in UTF-8 either.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A parser makes a line feed of a bare carriage return.
_ENTITIES = {"\r": "&#13;"}


def without_unwritable(text: str) -> str:
    """The text without control characters, lone surrogates, U+FFFE and U+FFFF, which XML 1.0 does not know."""
    return UNWRITABLE.sub("", text)


def element(name: str, text: str | None = None, /, **attributes: str) -> str:
    """An element with the text that is given, without an end tag where there is none."""
    return f"<{_start(name, attributes)}/>" if text is None else nested(name, text, [], **attributes)


def nested(name: str, text: str, elements: Iterable[str], /, **attributes: str) -> str:
    """An element with a text and then elements in it."""
    inner = escape(without_unwritable(text), _ENTITIES)
    return f"<{_start(name, attributes)}>{inner}{''.join(elements)}</{name}>"


def cdata(name: str, text: str, /, **attributes: str) -> str:
    """An element with a text that is marked as such."""
    # No section can hold its own end.
    section = without_unwritable(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<{_start(name, attributes)}><![CDATA[{section}]]></{name}>"


def _start(name: str, attributes: Mapping[str, str]) -> str:
    return "".join([name, *(f" {key}={quoteattr(without_unwritable(value))}" for key, value in attributes.items())])


def lines(elements: Sequence[str | None], *, indent: int) -> str:
    """The elements that there are, one a line."""
    return "".join(f"{' ' * indent}{each}\n" for each in elements if each)
