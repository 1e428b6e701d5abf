"""Compare texts by the simple case folding of Unicode, with identical results in Python and in SQL.

Source: section 3.13 of the Unicode Standard, and the mappings with the status C or S in CaseFolding.txt.
"""

import unicodedata
from functools import lru_cache

# Characters that fold to a letter, but are not the result of upper(), lower() or title() for that letter.
_UNREACHABLE = (
    "\u00b5\u017f\u0345\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1\u03f4\u03f5\u1c80\u1c81"
    "\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1e9b\u1e9e\u1fbe\u2126\u212a\u212b"
)

# A LIKE pattern contains at most this number of characters of the search text. SQLite rejects LIKE patterns of more
# than 50,000 bytes, and the start of the search text is sufficient to exclude most rows.
_MAX_PREFILTER_LENGTH = 1_000


def tag_key(name: str) -> str:
    """Return the case-folded name of a tag in NFKC.

    Two names denote the same tag if their keys are equal.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def simple_fold(character: str) -> str:
    """Return the simple case folding of a character."""
    folded = character.casefold()
    if len(folded) == 1:
        return folded
    lower = character.lower()
    return lower if len(lower) == 1 else character


def fold_pattern(text: str) -> str:
    """Return a regular expression for Python and PostgreSQL that matches `text` in any case."""
    return "".join(_format_character_class(_find_variants(character)) for character in text)


def like_prefilter(text: str, *, escape: str) -> str:
    """Return a LIKE pattern that matches all texts that contain `text` in any case.

    The pattern also matches a few other texts. `escape` is the escape character of the pattern.
    """
    return "%" + "".join(_make_like_token(character, escape) for character in text[:_MAX_PREFILTER_LENGTH]) + "%"


@lru_cache(4096)
def _find_variants(character: str) -> frozenset[str]:
    fold = simple_fold(character)
    related = {character, fold, *_UNREACHABLE}
    related |= {other for seed in (character, fold) for other in (seed.upper(), seed.lower(), seed.title())}
    return frozenset(other for other in related if len(other) == 1 and simple_fold(other) == fold)


def _format_character_class(variants: frozenset[str]) -> str:
    if len(variants) == 1:
        return _escape_character(next(iter(variants)))
    return "[" + "".join(sorted(variants)) + "]"


def _escape_character(character: str) -> str:
    if character.isalnum() or ord(character) > 0x7F:
        return character
    return rf"\u{ord(character):04x}"


def _make_like_token(character: str, escape: str) -> str:
    variants = _find_variants(character)
    if len(variants) > 1 and not all(variant.isascii() for variant in variants):
        return "_"
    return escape + character if character in ("%", "_", escape) else character
