"""Find the root folder of a site from any folder in it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# The names of files and folders that mark the root folder of a site.
ROOT_MARKS = (
    ".git", "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "config.toml",
    "config.yaml", "config.json", "zola.toml", "package.json", "pelicanconf.py", "conf.py", "docusaurus.config.js",
    "docusaurus.config.ts", "eleventy.config.js", ".eleventy.js", "astro.config.mjs", "gatsby-config.js",
)  # fmt: skip
# If one of these files or folders is in the root folder of a site, the site is made by a known site generator.
_GENERATOR_FILES = (
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "zola.toml", "pelicanconf.py",
    "conf.py", "docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "eleventy.config.js",
    "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts", ".eleventy.js", ".eleventy.cjs",
    "astro.config.mjs", "astro.config.js", "astro.config.ts", "gatsby-config.js", "gatsby-config.ts",
    "gatsby-config.mjs", "next.config.js", "next.config.mjs", "next.config.ts", "nuxt.config.js", "nuxt.config.ts",
    "svelte.config.js", "mkdocs.yml", "mkdocs.yaml", "_quarto.yml", "_quarto.yaml", "quartz.config.ts",
    "lume.config.ts", "_config.ts", "book.toml", "config/_default",
)  # fmt: skip
# The names of Hugo and Zola configuration files that other programs use too. Such a file is the configuration of a site
# if a folder `content` is in the same folder.
_HUGO_OR_ZOLA_FILES = {"config.toml", "config.yaml", "config.json"}
# Names of folders that do not identify a site, because many sites have folders with these names.
_COMMON_NAMES = {
    "content", "_content", "_posts", "_drafts", "posts", "post", "source", "src", "docs", "blog", "pages", "articles",
    "data", "markdown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteRoot:
    """The root folder of a site, and the names of the files and folders that mark the folder as a root."""

    path: Path
    marks: frozenset[str]


def find_site_root(folder: Path) -> SiteRoot:
    """Return the root folder of the site that contains `folder`. The path `folder` must be resolved.

    The root is the nearest folder, among `folder` and its parents, that contains a mark of a root. If none of these
    folders contains a mark, the root is the nearest folder whose name identifies a site, or else `folder` itself.
    """
    for candidate in (folder, *folder.parents):
        marks = frozenset(mark for mark in ROOT_MARKS if _exists(candidate / mark))
        if marks:
            return SiteRoot(candidate, marks)
    return SiteRoot(next(filter(_has_own_name, _below_home(folder)), folder), frozenset())


def has_generator(root: SiteRoot) -> bool:
    """Return whether the site is made by a known site generator."""
    if root.marks & _HUGO_OR_ZOLA_FILES and _exists(root.path / "content"):
        return True
    return any(_exists(root.path / name) for name in _GENERATOR_FILES)


def _exists(path: Path) -> bool:
    # The user may have no permission to read a parent folder. In this case, the file is treated as missing.
    with suppress(OSError):
        return path.exists()
    return False


def _has_own_name(folder: Path) -> bool:
    # The name of a year does not identify a site either, because many sites have a folder for each year.
    return not (folder.name.lower() in _COMMON_NAMES or folder.name.isdigit())


def _below_home(folder: Path) -> Iterator[Path]:
    """Yield `folder` and its parents, up to but excluding the home directory or the root of the file system."""
    home = None
    with suppress(RuntimeError):
        home = Path.home().resolve()
    for candidate in (folder, *folder.parents[:-1]):
        if candidate == home:
            return
        yield candidate
