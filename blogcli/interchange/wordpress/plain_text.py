"""Convert titles, names and slugs in WordPress exports to plain text.

WordPress writes character references, and sometimes inline markup, in these texts.
"""

import re
from html import unescape
from urllib.parse import unquote_to_bytes

# Matches only references that end with a semicolon, because "AT&T" and "&copy2" are text that a person typed.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|ins|mark|q|s|small|span|strike|strong|sub|sup|tt|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# The lookbehind lets a match begin only at the first space of a run, so that a long run is scanned in linear time.
_BREAK = re.compile(r"(?>(?:(?<!\s)\s+)?)<br\s*/?>\s*", re.IGNORECASE)


def unescape_references(text: str) -> str:
    """Replace the character references in a text with the characters that they represent."""
    return _REFERENCE.sub(lambda reference: unescape(reference[0]), text)


def plain_text(text: str) -> str:
    """Return a text with its character references replaced and without surrounding whitespace."""
    return unescape_references(text).strip()


def strip_inline_markup(text: str) -> str:
    """Convert a title to plain text.

    Only the tags of inline elements are removed, because other text in angle brackets may be part of the title.
    """
    return plain_text(_INLINE_TAG.sub("", _BREAK.sub(" ", text)))


def has_inline_markup(text: str) -> bool:
    """Return whether a title contains inline tags or line breaks."""
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
