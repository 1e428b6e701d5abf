"""Find the root folder of a site from any folder in it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# Files and folders that mark the root folder of a site.
ROOT_MARKS = (
    ".git", "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "config.toml",
    "config.yaml", "config.json", "zola.toml", "package.json", "pelicanconf.py", "conf.py", "docusaurus.config.js",
    "docusaurus.config.ts", "eleventy.config.js", ".eleventy.js", "astro.config.mjs", "gatsby-config.js",
)  # fmt: skip
# Files in the root folder of a site that show that a known generator makes the site.
_GENERATOR_FILES = (
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "zola.toml", "pelicanconf.py",
    "conf.py", "docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "eleventy.config.js",
    "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts", ".eleventy.js", ".eleventy.cjs",
    "astro.config.mjs", "astro.config.js", "astro.config.ts", "gatsby-config.js", "gatsby-config.ts",
    "gatsby-config.mjs", "next.config.js", "next.config.mjs", "next.config.ts", "nuxt.config.js", "nuxt.config.ts",
    "svelte.config.js", "mkdocs.yml", "mkdocs.yaml", "_quarto.yml", "_quarto.yaml", "quartz.config.ts",
    "lume.config.ts", "_config.ts", "book.toml", "config/_default",
)  # fmt: skip
# Hugo and Zola have these files, but other programs have them too. A folder `content` shows that it is a site.
_HUGO_OR_ZOLA_FILES = {"config.toml", "config.yaml", "config.json"}
# Names of folders that do not identify a site, because many sites have such a folder.
_COMMON_NAMES = {
    "content", "_content", "_posts", "_drafts", "posts", "post", "source", "src", "docs", "blog", "pages", "articles",
    "data", "markdown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteRoot:
    """The root folder of a site, and the names of the files and folders that mark it as a root."""

    path: Path
    marks: frozenset[str]


def find_site_root(folder: Path) -> SiteRoot:
    """Return the nearest folder with a mark of a root, among the folder and its parents.

    If there is none, return the nearest folder whose name identifies a site, or else the folder itself. The path of the
    folder must be resolved.
    """
    for candidate in (folder, *folder.parents):
        marks = frozenset(mark for mark in ROOT_MARKS if _exists(candidate / mark))
        if marks:
            return SiteRoot(candidate, marks)
    return SiteRoot(next(filter(_has_own_name, _below_home(folder)), folder), frozenset())


def has_generator(root: SiteRoot) -> bool:
    """Return whether the site is made by a known generator."""
    if root.marks & _HUGO_OR_ZOLA_FILES and _exists(root.path / "content"):
        return True
    return any(_exists(root.path / name) for name in _GENERATOR_FILES)


def _exists(path: Path) -> bool:
    # The user may have no permission to read a parent folder.
    with suppress(OSError):
        return path.exists()
    return False


def _has_own_name(folder: Path) -> bool:
    # Names of years do not identify a site either.
    return not (folder.name.lower() in _COMMON_NAMES or folder.name.isdigit())


def _below_home(folder: Path) -> Iterator[Path]:
    """Yield the folder and its parents, up to the home directory or the root of the file system, both excluded."""
    home = None
    with suppress(RuntimeError):
        home = Path.home().resolve()
    for candidate in (folder, *folder.parents[:-1]):
        if candidate == home:
            return
        yield candidate
