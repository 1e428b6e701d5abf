"""Parse the references by which people name rows, such as `7` and `id:7`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# The largest id that both databases can store.
MAX_ID = 2**31 - 1


def parse_id(reference: str, *, bare_digits: bool = True) -> int | None:
    """Return the id in a reference such as `id:7`, or None if the reference is not an id.

    Digits alone are an id only if `bare_digits` is true. Returns 0, an id that no row has, for a number above MAX_ID.
    """
    digits = reference.removeprefix("id:")
    if not (digits.isascii() and digits.isdecimal()) or (digits == reference and not bare_digits):
        return None
    number = int(digits) if len(digits) <= 10 else 0
    return number if number <= MAX_ID else 0


def chunked(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield slices of `items` with at most `size` items each."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def distinct(items: Iterable[T]) -> list[T]:
    """Return the items without duplicates, in the order of their first occurrences."""
    return list(dict.fromkeys(items))
