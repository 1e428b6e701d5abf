"""Characters that no feed can carry."""

import re

# Also not where they are escaped. Source: XML 1.0, section 2.2; surrogates have no place in UTF-8 either.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_unwritable(text: str) -> str:
    """The text without control characters, lone surrogates, U+FFFE and U+FFFF, which XML 1.0 does not know."""
    return _UNWRITABLE.sub("", text)
