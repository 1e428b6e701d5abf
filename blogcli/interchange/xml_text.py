"""Format elements of XML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

# Matches a character that XML forbids even in escaped form. Source: XML 1.0, section 2.2.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# A carriage return is escaped, because an XML parser replaces an unescaped carriage return by a line feed.
_ENTITIES = {"\r": "&#13;"}


def without_unwritable(text: str) -> str:
    """Return the text without the characters that XML 1.0 forbids, such as control characters and lone surrogates."""
    return UNWRITABLE.sub("", text)


def element(name: str, text: str | None = None, /, **attributes: str) -> str:
    """Return an XML element that contains `text`, or an empty-element tag if `text` is None."""
    return f"<{_format_start(name, attributes)}/>" if text is None else nested(name, text, [], **attributes)


def nested(name: str, text: str, elements: Iterable[str], /, **attributes: str) -> str:
    """Return an XML element that contains `text` followed by `elements`."""
    inner = escape(without_unwritable(text), _ENTITIES)
    return f"<{_format_start(name, attributes)}>{inner}{''.join(elements)}</{name}>"


def cdata(name: str, text: str, /, **attributes: str) -> str:
    """Return an XML element that contains `text` in a CDATA section."""
    # A CDATA section cannot contain `]]>`, because these characters end the section. Where the text contains `]]>`, the
    # text is split into two sections.
    section = without_unwritable(text).replace("]]>", "]]]]><![CDATA[>")
    return f"<{_format_start(name, attributes)}><![CDATA[{section}]]></{name}>"


def _format_start(name: str, attributes: Mapping[str, str]) -> str:
    return "".join([name, *(f" {key}={quoteattr(without_unwritable(value))}" for key, value in attributes.items())])


def lines(elements: Sequence[str | None], *, indent: int) -> str:
    """Return the elements that are neither None nor empty, each on an indented line."""
    return "".join(f"{' ' * indent}{element}\n" for element in elements if element)
