"""Title -> slug; pure."""

import unicodedata

from slugify import slugify
from text_unidecode import unidecode

from .slugs import MAX_SLUG_LENGTH, SPELLING_MARKS

# Room for a suffix such as -1234567 behind the longest base.
_BASE_LENGTH = MAX_SLUG_LENGTH - 8
_NOT_IN_A_SLUG = rf"[^-\w{SPELLING_MARKS}]+|_+"
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")


def slug_of(title: str) -> str:
    """A readable slug in the title's own script, Latin letters without accents; `post` when nothing is left of it."""
    text = "".join(_plain(character) for character in unicodedata.normalize("NFC", title.translate(_APOSTROPHES)))
    slug = slugify(text, allow_unicode=True, regex_pattern=_NOT_IN_A_SLUG, max_length=_BASE_LENGTH, word_boundary=True)
    return slug.strip(".") or "post"


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.combining(character):
        block = unicodedata.name(character, "")
        return "" if block.startswith(("COMBINING", "HEBREW", "ARABIC")) else character
    if unicodedata.name(character, "").startswith("LATIN"):
        return str(unidecode(character))
    return character
