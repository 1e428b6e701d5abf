"""Title -> slug; pure."""

import re
import unicodedata
from collections.abc import Iterator

from slugify import slugify
from text_unidecode import unidecode

MAX_SLUG_LENGTH = 255
# Room for a suffix such as -1234567 behind the longest base.
_BASE_LENGTH = MAX_SLUG_LENGTH - 8
# Besides letters and digits, the vowel signs and tone marks that spell a word in the Indic and Southeast Asian
# scripts; elsewhere a mark is an accent and may go.
_SPELLING_MARKS = "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u0f84\u102b-\u109d\u17b4-\u17d3"
_NOT_IN_A_SLUG = rf"[^-\w{_SPELLING_MARKS}]+|_+"
_VALID = re.compile(rf"[\w\-.~{_SPELLING_MARKS}]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")


def slug_of(title: str) -> str:
    """A readable slug in the title's own script, Latin letters without accents; `post` when nothing is left of it."""
    text = "".join(_plain(character) for character in unicodedata.normalize("NFC", title.translate(_APOSTROPHES)))
    slug = slugify(text, allow_unicode=True, regex_pattern=_NOT_IN_A_SLUG, max_length=_BASE_LENGTH, word_boundary=True)
    return slug.strip(".") or "post"


def slug_batches(base: str) -> Iterator[list[str]]:
    """`base`, then `base-2`, `base-3` ... in batches that grow, so that a free one is found in a few queries."""
    yield [base]
    size, start = 10, 2
    while True:
        yield [f"{base}-{number}" for number in range(start, start + size)]
        start += size
        size = min(size * 10, 10_000)


def slug_problem(slug: str) -> str | None:
    """Why `slug` cannot be an address, or None when it can."""
    if not slug:
        return "it is empty"
    if len(slug) > MAX_SLUG_LENGTH:
        return f"it is longer than {MAX_SLUG_LENGTH} characters"
    if slug != slug.lower():
        return "it has upper-case letters"
    if ".." in slug or slug.startswith(".") or slug.endswith("."):
        return "it starts or ends with a dot or has two in a row"
    if not _VALID.fullmatch(slug):
        return "it may hold only letters, digits, '-', '_', '.' and '~'"
    return None


def _plain(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.combining(character):
        block = unicodedata.name(character, "")
        return "" if block.startswith(("COMBINING", "HEBREW", "ARABIC")) else character
    if unicodedata.name(character, "").startswith("LATIN"):
        return unidecode(character)
    return character
