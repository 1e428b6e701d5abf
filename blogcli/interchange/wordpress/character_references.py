"""What WordPress writes where a plain text is meant: character references, and now and then markup."""

import re
from html import unescape
from urllib.parse import unquote_to_bytes

# Only the whole ones: "AT&T" and "&copy2" are what somebody typed.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|ins|mark|q|s|small|span|strike|strong|sub|sup|tt|u)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
# Blanks before a break are looked at once, from the first of them.
_BREAK = re.compile(r"(?>(?:(?<!\s)\s+)?)<br\s*/?>\s*", re.IGNORECASE)


def unescaped(text: str) -> str:
    """The text with the characters that its references stand for."""
    return _REFERENCE.sub(lambda found: unescape(found[0]), text)


def plain(text: str) -> str:
    """The same, trimmed."""
    return unescaped(text).strip()


def without_inline_markup(text: str) -> str:
    """A title as a plain text; what merely looks like a tag stays."""
    return plain(_INLINE_TAG.sub("", _BREAK.sub(" ", text)))


def has_inline_markup(text: str) -> bool:
    """Whether a title is more than a plain text."""
    return _INLINE_TAG.search(text) is not None or _BREAK.search(text) is not None


def slug_in(post_name: str) -> str | None:
    """The slug that WordPress has percent-encoded, in lower case; None of nothing."""
    try:
        slug = unquote_to_bytes(post_name.strip()).decode()
    except UnicodeDecodeError:
        # WordPress cuts long ones, in the middle of a character too.
        slug = unquote_to_bytes(post_name.strip()).decode(errors="ignore")
    except UnicodeEncodeError:
        slug = post_name.strip()
    return slug.lower() or None
