"""What the files and folders around a file say about it, found out once for each folder."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path
from unicodedata import normalize

from .cascade import hiding_file_in
from .config import languages_said
from .file_stems import is_language, languages_among, parted, stem_of
from .root import Root, has_generator

JEKYLL_MARKS = {"_config.yml", "_config.yaml", "_config.toml"}
JEKYLL_FOLDERS = {"_posts", "_drafts"}
# In which Jekyll may be told to look for a site, so that they are no category.
_SITES = {"docs", "src", "content", "site", "www"}
_PELICAN = "pelicanconf.py"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of a folder: what marks its blog, and which of the names in it and above it are languages."""

    marks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    # That Jekyll or Pelican give to posts for their folders.
    categories: tuple[str, ...] = ()
    # Whether Jekyll's folder for posts, or Hexo's, is in it or in one above.
    is_beside_posts: bool = False
    # Whether an `index.md` is in it.
    has_index: bool = False
    # Whether its blog is the site of a generator that is known.
    is_of_generator: bool = False
    # The file, in it or in a folder above, that keeps its posts from the public.
    hidden_by: str | None = None


# What is known of a file that stands nowhere.
NOWHERE = Surroundings()


class Explorer:
    """Looks around in the folders of a blog below `top`."""

    def __init__(self, root: Root, top: Path) -> None:
        self.root, self._top = root, top
        self.around = cache(self._around)
        self._side_by_side = cache(_side_by_side)
        self._has_posts = cache(_has_posts)
        self._hidden_by = cache(self._hiding_file_for)
        self._languages = languages_said(root)
        self._is_of_generator = has_generator(root)

    def _around(self, folder: Path) -> Surroundings:
        names = _names_in(folder)
        depth = len(folder.parts) - len(self.root.path.parts)
        return Surroundings(
            marks=self.root.marks,
            languages=self._languages.union(languages_among(names), *self._languages_above(folder)),
            categories=tuple(normalize("NFC", name) for name in self._categories(folder)),
            is_beside_posts=any(map(self._has_posts, (folder, *folder.parents[:depth]))),
            has_index=any(name.startswith("index.") and parted(stem_of(name))[0] == "index" for name in names),
            is_of_generator=self._is_of_generator,
            hidden_by=self._hidden_by(folder),
        )

    def _hiding_file_for(self, folder: Path) -> str | None:
        found = hiding_file_in(folder)
        if found or folder == self.root.path or self.root.path not in folder.parents:
            return found
        return self._hidden_by(folder.parent)

    def _categories(self, folder: Path) -> Sequence[str]:
        below_root = folder.relative_to(self.root.path).parts
        if _PELICAN in self.root.marks:
            return below_root[-1:] if "content" in below_root[:-1] else ()
        # What else marks a root may have a site anywhere in it.
        below = below_root if JEKYLL_MARKS & self.root.marks else folder.relative_to(self._top).parts
        above = list(takewhile(lambda name: name not in JEKYLL_FOLDERS, below))
        if len(above) == len(below) or "source" in above:
            return ()
        return above[1:] if above and above[0] in _SITES else above

    def _languages_above(self, folder: Path) -> Iterator[frozenset[str]]:
        for number, (above, name) in enumerate(pairwise(folder.parts), start=1):
            if above == "content" and is_language(name) and number >= len(self.root.path.parts):
                yield self._side_by_side(Path(*folder.parts[:number]))


def _side_by_side(folder: Path) -> frozenset[str]:
    """The folders in it that have the names of languages, none if it is but one: that may have another meaning."""
    found = frozenset(filter(is_language, _names_in(folder)))
    return found if len(found) > 1 else frozenset()


def _has_posts(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / "_posts").is_dir()
    return False


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError), os.scandir(folder) as opened:
        return [entry.name for entry in opened]
    return []
