"""How people name rows: `7`, `id:7`, a slug, an e-mail, a tag's name."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

# The largest id both databases can hold.
LARGEST_ID = 2**31 - 1


def id_of(reference: str, *, bare_digits: bool = True) -> int | None:
    """The id that a reference names, or None where it names something else; `bare_digits` lets `7` mean `id:7`.

    An id that no database can hold is 0, which none has.
    """
    digits = reference.removeprefix("id:")
    if not (digits.isascii() and digits.isdecimal()) or (digits == reference and not bare_digits):
        return None
    number = int(digits) if len(digits) <= 10 else 0
    return number if number <= LARGEST_ID else 0


def chunked(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in stretches of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def distinct(items: Iterable[T]) -> list[T]:
    """Each item once, in the order of its first appearance."""
    return list(dict.fromkeys(items))
