"""The limits that texts and names must satisfy so that the database can store them."""

import re
import unicodedata

MAX_TITLE = 500
MAX_FULL_NAME = 100
MAX_TAG_NAME = 50
# The processor time in seconds that a regular expression may take in one text. The time of some expressions grows
# exponentially with the text, so that they reach any limit. Other expressions need far less time for the longest posts.
MAX_EXPRESSION_SECONDS = 10.0
# PostgreSQL cannot store NUL, and UTF-8 cannot encode surrogates.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def require_storable(text: str) -> str:
    """Return `text` if the database can store it.

    Raises ValueError if `text` contains a NUL character or a lone surrogate.
    """
    match = UNSTORABLE.search(text)
    if match:
        what = "a NUL character" if match[0] == "\0" else "a lone surrogate (not valid Unicode)"
        raise ValueError(f"contains {what} at offset {match.start()}")
    return text


def normalize_tag_name(text: str) -> str:
    """Return the name of a tag in NFC, without surrounding or repeated spaces.

    Raises ValueError if `text` cannot be the name of a tag.
    """
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError(f"{text!r} contains a control character")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ValueError("must not be empty")
    if len(name) > MAX_TAG_NAME:
        raise ValueError(f"must have at most {MAX_TAG_NAME} characters, not {len(name)}")
    if "," in name:
        raise ValueError(f"{name!r} contains a comma, which separates tags in lists")
    return name
