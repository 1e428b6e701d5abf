"""Slugs: what is one, and which to try when one is taken; pure."""

import re
from collections.abc import Iterator

MAX_SLUG_LENGTH = 255
# Besides letters and digits, the vowel signs and tone marks that spell a word in the Indic and Southeast Asian
# scripts; elsewhere a mark is an accent and may go.
SPELLING_MARKS = "\u0900-\u0963\u0966-\u0dff\u0e31-\u0e4e\u0eb1-\u0ece\u0f71-\u0f84\u102b-\u109d\u17b4-\u17d3"
_VALID = re.compile(rf"[\w\-.~{SPELLING_MARKS}]+")


def slug_batches(base: str) -> Iterator[list[str]]:
    """`base`, then `base-2`, `base-3` ... in batches that grow, so that a free one is found in a few queries."""
    yield [base]
    size, start = 10, 2
    while True:
        yield [numbered(base, number) for number in range(start, start + size)]
        start += size
        size = min(size * 10, 10_000)


def numbered(base: str, number: int) -> str:
    """`base` with a number, as it is where another has the base; cut where the two are too long."""
    ending = f"-{number}"
    return f"{base[: MAX_SLUG_LENGTH - len(ending)]}{ending}"


def is_numbered(slug: str, base: str) -> bool:
    """Whether `slug` is `base` with a number."""
    number = slug.rpartition("-")[2]
    return number.isdecimal() and slug == numbered(base, int(number))


def slug_problem(slug: str) -> str | None:
    """Return why a slug is invalid, or None if it is valid."""
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
