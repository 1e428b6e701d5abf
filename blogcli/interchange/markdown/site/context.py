"""Describe the folder of a file: its site, its languages and its categories. Each folder is inspected once."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path
from unicodedata import normalize

from .cascade import find_hiding_file
from .config import configured_languages
from .file_stems import find_languages, is_language, split_language, stem_of
from .root import SiteRoot, has_generator

JEKYLL_MARKS = {"_config.yml", "_config.yaml", "_config.toml"}
JEKYLL_FOLDERS = {"_posts", "_drafts"}
# Folders that Jekyll may be configured to read a site from, which are therefore not categories.
_SITES = {"docs", "src", "content", "site", "www"}
_PELICAN = "pelicanconf.py"


@dataclass(frozen=True, slots=True)
class FolderContext:
    """The facts about a folder that apply to all files in it."""

    # The files that mark the root of the site.
    marks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    # The categories that Jekyll or Pelican derive from the folders of a post.
    categories: tuple[str, ...] = ()
    # Whether the folder or one of its parents has a `_posts` folder, as in Jekyll and Hexo.
    is_beside_posts: bool = False
    # Whether the folder has an `index` file.
    has_index: bool = False
    # Whether the folder is part of the site of a known generator.
    is_generator: bool = False
    # The file in the folder or in one of its parents that makes the posts drafts.
    hidden_by: str | None = None


# The context of a file that was not read from a folder, such as standard input.
NO_CONTEXT = FolderContext()


class FolderInspector:
    """Determines the context of the folders of a site below `top`."""

    def __init__(self, root: SiteRoot, top: Path) -> None:
        self.root, self._top = root, top
        self.context = cache(self._read_context)
        self._side_by_side = cache(_side_by_side)
        self._has_posts = cache(_has_posts)
        self._hidden_by = cache(self._hiding_file_for)
        self._languages = configured_languages(root)
        self._is_of_generator = has_generator(root)

    def _read_context(self, folder: Path) -> FolderContext:
        names = _names_in(folder)
        depth = len(folder.parts) - len(self.root.path.parts)
        return FolderContext(
            marks=self.root.marks,
            languages=self._languages.union(find_languages(names), *self._languages_above(folder)),
            categories=tuple(normalize("NFC", name) for name in self._categories(folder)),
            is_beside_posts=any(map(self._has_posts, (folder, *folder.parents[:depth]))),
            has_index=any(name.startswith("index.") and split_language(stem_of(name))[0] == "index" for name in names),
            is_generator=self._is_of_generator,
            hidden_by=self._hidden_by(folder),
        )

    def _hiding_file_for(self, folder: Path) -> str | None:
        found = find_hiding_file(folder)
        if found or folder == self.root.path or self.root.path not in folder.parents:
            return found
        return self._hidden_by(folder.parent)

    def _categories(self, folder: Path) -> Sequence[str]:
        below_root = folder.relative_to(self.root.path).parts
        if _PELICAN in self.root.marks:
            return below_root[-1:] if "content" in below_root[:-1] else ()
        # A root with other marks, such as `.git`, may contain a site in any folder.
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
    """Return the subfolders that are named after languages if there are at least two.

    A single one may have another meaning.
    """
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
