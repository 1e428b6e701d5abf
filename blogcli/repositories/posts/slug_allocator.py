"""Slugs for many posts at once."""

from collections import Counter
from collections.abc import Sequence

from ...text.slugs import numbered_slug
from .bulk_insert import BulkInsertRepository


class SlugAllocator:
    """Slugs that no post has: `hello`, else `hello-2`, `hello-3` ..., few queries for many at once."""

    def __init__(self, rows: BulkInsertRepository) -> None:
        self._rows = rows
        # The last number that each base was found taken with, where that is not the base itself.
        self._last: dict[str, int] = {}

    async def free(self, bases: Sequence[str]) -> list[str]:
        """One slug for each base, in order."""
        wanted = Counter(bases)
        free: dict[str, list[str]] = {base: [] for base in wanted}
        given = set[str]()
        spare = 0
        while short := [base for base in wanted if len(free[base]) < wanted[base]]:
            candidates = {base: self._following(base, wanted[base] - len(free[base]) + spare) for base in short}
            taken = await self._rows.taken_slugs([slug for slugs in candidates.values() for slug in slugs])
            for base, slugs in candidates.items():
                # What is another's base is left to that one; two bases that are cut have the same numbers.
                unfit = taken | given | (wanted.keys() - {base})
                self._choose(base, [None if slug in unfit else slug for slug in slugs], free[base], wanted[base])
                given.update(free[base])
            # Where many are taken, the next query asks for more.
            spare = 4 * spare + 1
        return [free[base].pop(0) for base in bases]

    def _following(self, base: str, count: int) -> list[str]:
        first = self._last.get(base, 0) + 1
        return [base if number == 1 else numbered_slug(base, number) for number in range(first, first + count)]

    def _choose(self, base: str, untaken: list[str | None], free: list[str], wanted: int) -> None:
        last = self._last.get(base, 0)
        for slug in untaken:
            if len(free) == wanted:
                break
            last += 1
            if slug is not None:
                free.append(slug)
        if last > 1 or not free:
            self._last[base] = last
