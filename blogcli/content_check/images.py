"""A rule about the alternative texts of images."""

import re
from collections.abc import Iterator

from ..enums import CheckRule
from .document import Document
from .records import Issue

# Matches images that may have no alternative text. A text without a match need not be parsed.
_MAY_LACK_ALT = re.compile(r"!\[\s*+\]|<img\b", re.IGNORECASE)
# The maximum number of characters of the address of an image in a message. Images may be embedded as data.
_MAX_SOURCE_LENGTH = 80


def may_lack_alt(content: str) -> bool:
    """Return whether a text may contain an image without alternative text, so that it must be parsed."""
    return _MAY_LACK_ALT.search(content) is not None


def check_images(document: Document) -> Iterator[Issue]:
    """Yield an issue for each image without alternative text."""
    for image in document.images:
        if image.alt is None or not image.alt.strip():
            source = image.source
            shown = source if len(source) <= _MAX_SOURCE_LENGTH else f"{source[:_MAX_SOURCE_LENGTH]}…"
            yield Issue(
                rule=CheckRule.IMAGE_WITHOUT_ALT,
                text=f"The image {shown} has no alternative text".replace("  ", " "),
                repair="Describe the image in its alternative text",
                line=image.line,
            )
