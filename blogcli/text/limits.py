"""Limits of texts and names that the database stores."""

import re
import unicodedata

MAX_TITLE = 500
MAX_FULL_NAME = 100
MAX_TAG_NAME = 50
# PostgreSQL stores no NUL, and surrogates cannot be encoded in UTF-8.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def tag_name(text: str) -> str:
    """The name in NFC, trimmed, with single blanks; ValueError for what cannot be one."""
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError(f"{text!r} has a control character")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ValueError("must not be empty")
    if len(name) > MAX_TAG_NAME:
        raise ValueError(f"has {len(name)} characters; {MAX_TAG_NAME} are the most")
    if "," in name:
        raise ValueError(f"{name!r} has a comma, which separates tags in lists")
    return name
