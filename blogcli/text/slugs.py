"""Validate slugs, and append numbers to slugs that are in use."""

import re
from collections.abc import Iterator

from .scripts import INDIC

MAX_SLUG_LENGTH = 255
# The vowel signs and tone marks that are part of the spelling in Indic and Southeast Asian scripts. In other scripts,
# marks are accents, and slugs do not need accents.
SPELLING_MARKS = f"{INDIC}\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u0f84\u102b-\u109d\u17b4-\u17d3"
_VALID = re.compile(rf"[\w\-.~{SPELLING_MARKS}]+")


def slug_batches(base: str) -> Iterator[list[str]]:
    """Yield batches of slugs: first `base`, then `base-2`, `base-3` and so on.

    The batches become larger, so that few queries are sufficient to find a slug that is not in use.
    """
    yield [base]
    size = 10
    start = 2
    while True:
        yield [numbered_slug(base, number) for number in range(start, start + size)]
        start += size
        size = min(size * 10, 10_000)


def numbered_slug(base: str, number: int) -> str:
    """Append a number to `base`, and return the result. If the result is too long for a slug, `base` is truncated."""
    suffix = f"-{number}"
    return f"{base[: MAX_SLUG_LENGTH - len(suffix)]}{suffix}"


def is_numbered_slug(slug: str, base: str) -> bool:
    """Return whether `numbered_slug` returns `slug` for `base` and some number."""
    number = slug.rpartition("-")[2]
    return number.isdecimal() and slug == numbered_slug(base, int(number))


def slug_problem(slug: str) -> str | None:
    """Return the reason why a slug is invalid, or None if the slug is valid."""
    if not slug:
        return "it is empty"
    if len(slug) > MAX_SLUG_LENGTH:
        return f"it is longer than {MAX_SLUG_LENGTH} characters"
    if slug != slug.lower():
        return "it has upper-case letters"
    if ".." in slug or slug.startswith(".") or slug.endswith("."):
        return "it starts or ends with a dot or has two in a row"
    if not _VALID.fullmatch(slug):
        return "it may contain only letters, digits, '-', '_', '.' and '~'"
    return None
