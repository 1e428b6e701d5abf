"""Text compared without regard to case, by Unicode's simple folding, alike wherever it runs; pure.

Source: Unicode Standard, section 3.13; CaseFolding.txt, statuses C and S.
"""

import unicodedata
from functools import lru_cache

# Characters that fold onto a letter from which neither upper() nor lower() leads back to them.
_UNREACHABLE = (
    "\u00b5\u017f\u0345\u03c2\u03d0\u03d1\u03d5\u03d6\u03f0\u03f1\u03f4\u03f5\u1c80\u1c81"
    "\u1c82\u1c83\u1c84\u1c85\u1c86\u1c87\u1c88\u1e9b\u1e9e\u1fbe\u2126\u212a\u212b"
)

# SQLite refuses LIKE patterns of more than 50,000 bytes; the start of a text is filter enough.
_PREFILTER_LENGTH = 1_000


def tag_key(name: str) -> str:
    """What two spellings of one tag have in common: compatibility form, case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def simple_fold(character: str) -> str:
    """The one character that stands for all cases of this one."""
    folded = character.casefold()
    if len(folded) == 1:
        return folded
    lower = character.lower()
    return lower if len(lower) == 1 else character


def fold_pattern(text: str) -> str:
    """A regular expression, the same for Python and PostgreSQL, that matches `text` in any case."""
    return "".join(_one_of(_variants(character)) for character in text)


def like_prefilter(text: str, *, escape: str) -> str:
    """A LIKE pattern that passes every text holding `text` in any case, and as few others as LIKE can tell."""
    return "%" + "".join(_like_token(character, escape) for character in text[:_PREFILTER_LENGTH]) + "%"


@lru_cache(4096)
def _variants(character: str) -> frozenset[str]:
    fold = simple_fold(character)
    related = {character, fold, *_UNREACHABLE}
    related |= {other for seed in (character, fold) for other in (seed.upper(), seed.lower(), seed.title())}
    return frozenset(other for other in related if len(other) == 1 and simple_fold(other) == fold)


def _one_of(variants: frozenset[str]) -> str:
    if len(variants) == 1:
        return _literal(next(iter(variants)))
    return "[" + "".join(sorted(variants)) + "]"


def _literal(character: str) -> str:
    if character.isalnum() or ord(character) > 0x7F:
        return character
    return rf"\u{ord(character):04x}"


def _like_token(character: str, escape: str) -> str:
    variants = _variants(character)
    if len(variants) > 1 and not all(variant.isascii() for variant in variants):
        return "_"
    return escape + character if character in ("%", "_", escape) else character
