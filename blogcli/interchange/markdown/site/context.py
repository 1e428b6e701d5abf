"""Determine the site, the languages and the categories of the files in a folder. Each folder is inspected only once."""

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
# Jekyll may be configured to read a site from one of these folders. At the start of a path, the name of such a folder
# is therefore not a category.
_SITE_FOLDERS = {"docs", "src", "content", "site", "www"}
_PELICAN = "pelicanconf.py"


@dataclass(frozen=True, slots=True)
class FolderContext:
    """The facts about a folder that apply to all files in it."""

    # The names of the files and folders that mark the root folder of the site.
    marks: frozenset[str] = frozenset()
    # The languages that are recognized in the names of files and folders.
    languages: frozenset[str] = frozenset()
    # The categories that Jekyll or Pelican derives from the path of the folder.
    categories: tuple[str, ...] = ()
    # Whether the folder or one of its parents in the site contains a `_posts` folder, as in Jekyll and Hexo.
    is_beside_posts: bool = False
    # Whether the folder contains an `index` file.
    has_index: bool = False
    # Whether the site is made by a known site generator.
    has_generator: bool = False
    # The name of a file that marks all posts in the folder as drafts, or None. The file is in the folder or in a parent
    # folder.
    hidden_by: str | None = None


# The context of standard input, which has no folder, and of files that are not read.
NO_CONTEXT = FolderContext()


class FolderInspector:
    """Determines the contexts of the folder `top` and its subfolders.

    `top` is the root folder of a site or a folder in the site.
    """

    def __init__(self, root: SiteRoot, top: Path) -> None:
        self.root = root
        self._top = top
        self.context = cache(self._read_context)
        self._language_folders = cache(_language_folders)
        self._has_posts = cache(_has_posts)
        self._hidden_by = cache(self._find_hiding_file)
        self._configured_languages = configured_languages(root)
        self._has_generator = has_generator(root)

    def _read_context(self, folder: Path) -> FolderContext:
        names = _names_in(folder)
        depth = len(folder.parts) - len(self.root.path.parts)
        return FolderContext(
            marks=self.root.marks,
            languages=self._configured_languages.union(find_languages(names), *self._languages_above(folder)),
            categories=tuple(normalize("NFC", name) for name in self._categories(folder)),
            is_beside_posts=any(map(self._has_posts, (folder, *folder.parents[:depth]))),
            has_index=any(name.startswith("index.") and split_language(stem_of(name))[0] == "index" for name in names),
            has_generator=self._has_generator,
            hidden_by=self._hidden_by(folder),
        )

    def _find_hiding_file(self, folder: Path) -> str | None:
        """Return the name of the file that marks all posts in `folder` as drafts, or None if there is no such file.

        The file is in `folder` or in one of its parent folders within the site.
        """
        name = find_hiding_file(folder)
        if name or folder == self.root.path or self.root.path not in folder.parents:
            return name
        return self._hidden_by(folder.parent)

    def _categories(self, folder: Path) -> Sequence[str]:
        """Return the categories that Pelican or Jekyll derives from the path of `folder`."""
        below_root = folder.relative_to(self.root.path).parts
        if _PELICAN in self.root.marks:
            return below_root[-1:] if "content" in below_root[:-1] else ()
        # If the root folder is not marked by Jekyll, but for example by `.git`, the Jekyll site may be in any
        # subfolder. In this case, the categories are derived from the path within the folder that is imported.
        parts = below_root if JEKYLL_MARKS & self.root.marks else folder.relative_to(self._top).parts
        categories = list(takewhile(lambda name: name not in JEKYLL_FOLDERS, parts))
        has_posts_folder = len(categories) < len(parts)
        # In Hexo, posts are in `source/_posts`, and categories are not derived from folders.
        if not has_posts_folder or "source" in categories:
            return ()
        return categories[1:] if categories and categories[0] in _SITE_FOLDERS else categories

    def _languages_above(self, folder: Path) -> Iterator[frozenset[str]]:
        """For each `content` folder in the path of `folder`, yield the names of its language folders.

        A `content` folder is considered only if the next folder in the path is a language folder.
        """
        for number, (parent, name) in enumerate(pairwise(folder.parts), start=1):
            if parent == "content" and is_language(name) and number >= len(self.root.path.parts):
                yield self._language_folders(Path(*folder.parts[:number]))


def _language_folders(folder: Path) -> frozenset[str]:
    """Return the names of the subfolders that are language codes, if the folder contains at least two such subfolders.

    The name of a single subfolder may look like a language code by chance.
    """
    languages = frozenset(filter(is_language, _names_in(folder)))
    return languages if len(languages) > 1 else frozenset()


def _has_posts(folder: Path) -> bool:
    with suppress(OSError):
        return (folder / "_posts").is_dir()
    return False


def _names_in(folder: Path) -> list[str]:
    with suppress(OSError), os.scandir(folder) as entries:
        return [entry.name for entry in entries]
    return []
