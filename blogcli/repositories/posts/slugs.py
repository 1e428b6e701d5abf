"""Allocate slugs for many posts at once."""

from collections import Counter
from collections.abc import Sequence

from ...text.slugs import numbered_slug
from .bulk_insert import BulkInsertRepository


class SlugAllocator:
    """Allocates slugs that no post has, such as `hello`, `hello-2` and `hello-3`. Many posts need only few queries."""

    def __init__(self, rows: BulkInsertRepository) -> None:
        self._rows = rows
        # Maps a base to the number of the last slug that was tried for the base. A base has no entry if only its first
        # slug was tried and this slug was free.
        self._last_numbers: dict[str, int] = {}

    async def allocate(self, bases: Sequence[str]) -> list[str]:
        """Return one slug for each base, in the order of `bases`."""
        wanted = Counter(bases)
        slugs: dict[str, list[str]] = {base: [] for base in wanted}
        allocated = set[str]()
        spare = 0
        while incomplete := [base for base in wanted if len(slugs[base]) < wanted[base]]:
            candidates = {base: self._next_slugs(base, wanted[base] - len(slugs[base]) + spare) for base in incomplete}
            taken = await self._rows.taken_slugs([slug for batch in candidates.values() for slug in batch])
            for base, batch in candidates.items():
                # A slug that equals another base is reserved for that base. Slugs that were allocated for another base
                # are unavailable too. Numbered slugs of long bases are truncated, so those of two bases can be equal.
                unavailable = taken | allocated | (wanted.keys() - {base})
                self._choose(base, [None if slug in unavailable else slug for slug in batch], slugs[base], wanted[base])
                allocated.update(slugs[base])
            # Each query has more candidates than the previous query, so that few queries suffice even if many slugs are
            # taken.
            spare = 4 * spare + 1
        return [slugs[base].pop(0) for base in bases]

    def _next_slugs(self, base: str, count: int) -> list[str]:
        first = self._last_numbers.get(base, 0) + 1
        return [base if number == 1 else numbered_slug(base, number) for number in range(first, first + count)]

    def _choose(self, base: str, candidates: list[str | None], chosen: list[str], wanted: int) -> None:
        """Append candidates to `chosen` until it contains `wanted` slugs. Unavailable candidates are given as None."""
        last_number = self._last_numbers.get(base, 0)
        for slug in candidates:
            if len(chosen) == wanted:
                break
            last_number += 1
            if slug is not None:
                chosen.append(slug)
        if last_number > 1 or not chosen:
            self._last_numbers[base] = last_number
