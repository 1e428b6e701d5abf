"""Elements of XML, as text."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

# A parser makes a line feed of a bare carriage return.
_ENTITIES = {"\r": "&#13;"}


def element(name: str, text: str | None = None, **attributes: str) -> str:
    """An element with the text that is given, without an end tag where there is none."""
    start = "".join([name, *(f" {key}={quoteattr(value)}" for key, value in attributes.items())])
    return f"<{start}/>" if text is None else f"<{start}>{escape(text, _ENTITIES)}</{name}>"


def lines(elements: Sequence[str | None], *, indent: int) -> str:
    """The elements that there are, one a line."""
    return "".join(f"{' ' * indent}{each}\n" for each in elements if each)
