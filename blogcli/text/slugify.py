"""Make slugs from titles."""

import unicodedata

from slugify import slugify
from text_unidecode import unidecode

from .slugs import MAX_SLUG_LENGTH, SPELLING_MARKS

# The maximum length of a slug without a number. A number such as -1234567 may be appended if the slug is in use.
_MAX_BASE_LENGTH = MAX_SLUG_LENGTH - 8
_SEPARATORS = rf"[^-\w{SPELLING_MARKS}]+|_+"
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")


def slugify_title(title: str) -> str:
    """Return a slug in the script of the title, without the accents of Latin letters.

    Returns `post` if the title has no letters or digits.
    """
    text = "".join(
        _remove_accents(character) for character in unicodedata.normalize("NFC", title.translate(_APOSTROPHES))
    )
    slug = slugify(text, allow_unicode=True, regex_pattern=_SEPARATORS, max_length=_MAX_BASE_LENGTH, word_boundary=True)
    return slug.strip(".") or "post"


def _remove_accents(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.combining(character):
        block = unicodedata.name(character, "")
        return "" if block.startswith(("COMBINING", "HEBREW", "ARABIC")) else character
    if unicodedata.name(character, "").startswith("LATIN"):
        return str(unidecode(character))
    return character
