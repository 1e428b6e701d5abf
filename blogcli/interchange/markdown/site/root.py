"""Where a blog begins, whatever folder of it is named."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# What stands in the top folder of a blog, one or another.
ROOT_MARKS = (
    ".git", "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "config.toml",
    "config.yaml", "config.json", "zola.toml", "package.json", "pelicanconf.py", "conf.py", "docusaurus.config.js",
    "docusaurus.config.ts", "eleventy.config.js", ".eleventy.js", "astro.config.mjs", "gatsby-config.js",
)  # fmt: skip
# Files in the top folder of a site that belong to one generator and to nothing else.
_OF_GENERATORS = (
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "zola.toml", "pelicanconf.py",
    "conf.py", "docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs", "eleventy.config.js",
    "eleventy.config.mjs", "eleventy.config.cjs", "eleventy.config.ts", ".eleventy.js", ".eleventy.cjs",
    "astro.config.mjs", "astro.config.js", "astro.config.ts", "gatsby-config.js", "gatsby-config.ts",
    "gatsby-config.mjs", "next.config.js", "next.config.mjs", "next.config.ts", "nuxt.config.js", "nuxt.config.ts",
    "svelte.config.js", "mkdocs.yml", "mkdocs.yaml", "_quarto.yml", "_quarto.yaml", "quartz.config.ts",
    "lume.config.ts", "_config.ts", "book.toml", "config/_default",
)  # fmt: skip
# Hugo and Zola have these too, and so have many programs: their posts are in `content`.
_OF_HUGO_OR_ZOLA = {"config.toml", "config.yaml", "config.json"}
# Folders of so many blogs that they tell none from another.
_COMMON_NAMES = {
    "content", "_content", "_posts", "_drafts", "posts", "post", "source", "src", "docs", "blog", "pages", "articles",
    "data", "markdown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteRoot:
    """The top folder of a blog, and what marks it as that."""

    path: Path
    marks: frozenset[str]


def find_site_root(folder: Path) -> SiteRoot:
    """The nearest folder, from this one upwards, that has a mark; else the nearest whose name says something.

    The folder must be resolved. Where no name says anything it is the folder itself.
    """
    for each in (folder, *folder.parents):
        marks = frozenset(mark for mark in ROOT_MARKS if _is_there(each / mark))
        if marks:
            return SiteRoot(each, marks)
    return SiteRoot(next(filter(_has_own_name, _below_home(folder)), folder), frozenset())


def has_generator(root: SiteRoot) -> bool:
    """Return whether a generator that is known makes a site of the blog."""
    if root.marks & _OF_HUGO_OR_ZOLA and _is_there(root.path / "content"):
        return True
    return any(_is_there(root.path / name) for name in _OF_GENERATORS)


def _is_there(path: Path) -> bool:
    # A folder above the blog may be closed to others.
    with suppress(OSError):
        return path.exists()
    return False


def _has_own_name(folder: Path) -> bool:
    # Folders of years have many blogs too.
    return not (folder.name.lower() in _COMMON_NAMES or folder.name.isdigit())


def _below_home(folder: Path) -> Iterator[Path]:
    """The folder and those above it, as far as they belong to a blog rather than to a person or a system."""
    home = None
    with suppress(RuntimeError):
        home = Path.home().resolve()
    for each in (folder, *folder.parents[:-1]):
        if each == home:
            return
        yield each
