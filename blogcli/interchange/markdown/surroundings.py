"""What the files and folders around a file say about it, found out once for each folder."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from .roots import Root
from .stems import is_language, languages_among


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a folder: what marks its blog, and which of its names and of those above are languages."""

    marks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


# What is known of a file that stands nowhere.
NOWHERE = Surroundings()


class Explorer:
    """Looks around in the folders of a blog below `top`."""

    def __init__(self, root: Root, top: Path) -> None:
        self.root, self._top = root, top
        self.around = cache(self._around)
        self._side_by_side = cache(_side_by_side)

    def _around(self, folder: Path) -> Surroundings:
        return Surroundings(
            marks=self.root.marks,
            languages=languages_among(_names_in(folder)).union(*self._languages_above(folder)),
        )

    def _languages_above(self, folder: Path) -> Iterator[frozenset[str]]:
        for number, (above, name) in enumerate(pairwise(folder.parts), start=1):
            if above == "content" and is_language(name) and number >= len(self.root.path.parts):
                yield self._side_by_side(Path(*folder.parts[:number]))


def _side_by_side(folder: Path) -> frozenset[str]:
    """The folders in it that have the names of languages, none if it is but one: that may have another meaning."""
    found = frozenset(filter(is_language, _names_in(folder)))
    return found if len(found) > 1 else frozenset()


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError), os.scandir(folder) as opened:
        return [entry.name for entry in opened]
    return []
