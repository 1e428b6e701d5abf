"""Allocate slugs for many posts at once."""

from collections import Counter
from collections.abc import Sequence

from ...text.slugs import numbered_slug
from .bulk_insert import BulkInsertRepository


class SlugAllocator:
    """Allocate slugs that no post has, such as `hello`, `hello-2` and `hello-3`, with few queries for many posts."""

    def __init__(self, rows: BulkInsertRepository) -> None:
        self._rows = rows
        # Maps each base to the number of the last slug that was tried for the base. A base that was free and was
        # requested only once is not contained.
        self._last_numbers: dict[str, int] = {}

    async def allocate(self, bases: Sequence[str]) -> list[str]:
        """Return one slug for each base, in order."""
        wanted = Counter(bases)
        slugs: dict[str, list[str]] = {base: [] for base in wanted}
        allocated = set[str]()
        spare = 0
        while incomplete := [base for base in wanted if len(slugs[base]) < wanted[base]]:
            candidates = {base: self._next_slugs(base, wanted[base] - len(slugs[base]) + spare) for base in incomplete}
            taken = await self._rows.taken_slugs([slug for batch in candidates.values() for slug in batch])
            for base, batch in candidates.items():
                # A slug that equals another base is reserved for that base. Allocated slugs are unavailable too,
                # because two long bases can have the same numbered slugs, which are truncated.
                unavailable = taken | allocated | (wanted.keys() - {base})
                self._choose(base, [None if slug in unavailable else slug for slug in batch], slugs[base], wanted[base])
                allocated.update(slugs[base])
            # The number of candidates grows with each query, so that few queries are needed if many slugs are taken.
            spare = 4 * spare + 1
        return [slugs[base].pop(0) for base in bases]

    def _next_slugs(self, base: str, count: int) -> list[str]:
        first = self._last_numbers.get(base, 0) + 1
        return [base if number == 1 else numbered_slug(base, number) for number in range(first, first + count)]

    def _choose(self, base: str, candidates: list[str | None], chosen: list[str], wanted: int) -> None:
        """Append candidates to `chosen` until it contains `wanted` slugs. A candidate that is unavailable is None."""
        last_number = self._last_numbers.get(base, 0)
        for slug in candidates:
            if len(chosen) == wanted:
                break
            last_number += 1
            if slug is not None:
                chosen.append(slug)
        if last_number > 1 or not chosen:
            self._last_numbers[base] = last_number
