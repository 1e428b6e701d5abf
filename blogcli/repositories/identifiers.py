"""Resolve the references that users type to identify rows: ids, slugs, e-mail addresses and names of tags."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import InstrumentedAttribute

from .base import CHUNK

T = TypeVar("T")

# The largest id that both databases can store.
MAX_ID = 2**31 - 1


async def resolve(
    references: Sequence[str],
    load: Callable[[ColumnElement[bool]], Awaitable[Iterable[tuple[int, str, T]]]],
    *,
    columns: tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]],
    key_of: Callable[[str], str],
    bare_digits: bool = True,
) -> tuple[list[T], list[str]]:
    """Return the distinct results for the references, in order, and the references for which no row exists.

    A reference is an id or a name. An id needs the prefix `id:` unless `bare_digits` is true. `key_of` converts a name
    to a key. `columns` are the columns of the id and of the key. `load` is called with a condition on these columns for
    each chunk of references. `load` returns the id, the key and the result for each row that meets the condition.
    """
    resolved: dict[str, T] = {}
    for chunk in chunked(distinct(references), CHUNK):
        ids = {name: id_ for name in chunk if (id_ := parse_id(name, bare_digits=bare_digits)) is not None}
        keys = {name: key_of(name) for name in chunk if name not in ids}
        # A condition without values is omitted, because an empty IN costs an additional round trip on PostgreSQL.
        conditions = [
            column.in_(set(values))
            for column, values in zip(columns, (ids.values(), keys.values()), strict=True)
            if values
        ]
        by_name: dict[int | str, T] = {}
        for id_, key, result in await load(or_(*conditions)):
            by_name |= {id_: result, key: result}
        resolved |= {name: by_name[key] for name, key in (ids | keys).items() if key in by_name}
    missing = [reference for reference in distinct(references) if reference not in resolved]
    return distinct(resolved[reference] for reference in references if reference in resolved), missing


def parse_id(reference: str, *, bare_digits: bool = True) -> int | None:
    """Return the id that a reference contains, or None if the reference is a name.

    If `bare_digits` is true, `7` means the same as `id:7`. If the id is too large for the database, 0 is returned,
    because no row has the id 0.
    """
    digits = reference.removeprefix("id:")
    if not (digits.isascii() and digits.isdecimal()) or (digits == reference and not bare_digits):
        return None
    number = int(digits) if len(digits) <= 10 else 0
    return number if number <= MAX_ID else 0


def chunked(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Yield the items in chunks of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def chunked_by_length(
    items: Iterable[T], length: Callable[[T], int], *, max_items: int, max_length: int
) -> Iterator[list[T]]:
    """Yield the items in chunks of at most `max_items` items, with fewer items if their texts are long.

    `length` returns the number of characters of the texts of an item. The texts of a chunk have at most `max_length`
    characters, but a longer text is a chunk of its own.
    """
    chunk: list[T] = []
    total = 0
    for item in items:
        added = length(item)
        if chunk and (len(chunk) == max_items or total + added > max_length):
            yield chunk
            chunk = []
            total = 0
        chunk.append(item)
        total += added
    if chunk:
        yield chunk


def distinct(items: Iterable[T]) -> list[T]:
    """Return each item once, in the order of its first appearance."""
    return list(dict.fromkeys(items))
