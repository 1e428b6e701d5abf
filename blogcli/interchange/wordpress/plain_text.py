"""Convert titles, names and slugs in WordPress exports to plain text.

In an export, these texts may contain character references and inline markup.
"""

import re
from html import unescape
from urllib.parse import unquote_to_bytes

# Matches only references that end with a semicolon. In "AT&T" and "&copy2", the ampersand is text that a person typed.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|ins|mark|q|s|small|span|strike|strong|sub|sup|tt|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# Because of the lookbehind, a match can begin only at the first of several spaces. A long run of spaces is therefore
# scanned in linear time.
_BREAK = re.compile(r"(?>(?:(?<!\s)\s+)?)<br\s*/?>\s*", re.IGNORECASE)


def unescape_references(text: str) -> str:
    """Replace the character references in a text with the characters that they represent."""
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), text)


def plain_text(text: str) -> str:
    """Replace the character references in a text, and remove leading and trailing whitespace."""
    return unescape_references(text).strip()


def strip_inline_markup(text: str) -> str:
    """Convert a title to plain text.

    Only the tags of inline elements are removed, because any other text in angle brackets may be part of the title.
    """
    return plain_text(_INLINE_TAG.sub("", _BREAK.sub(" ", text)))


def has_inline_markup(text: str) -> bool:
    """Return whether a title contains tags of inline elements or <br> tags."""
    return _INLINE_TAG.search(text) is not None or _BREAK.search(text) is not None


def decode_slug(post_name: str) -> str | None:
    """Decode a percent-encoded slug and convert it to lower case, or return None if the slug is empty."""
    try:
        slug = unquote_to_bytes(post_name.strip()).decode()
    except UnicodeDecodeError:
        # WordPress may truncate a long slug in the middle of a character. The incomplete character is dropped.
        slug = unquote_to_bytes(post_name.strip()).decode(errors="ignore")
    except UnicodeEncodeError:
        slug = post_name.strip()
    return slug.lower() or None
