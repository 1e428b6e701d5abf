"""Where a blog begins, whatever folder of it is named."""

from pathlib import Path

# What stands in the top folder of a blog, one or another.
ROOT_MARKS = (
    ".git", "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "config.toml",
    "config.yaml", "config.json", "zola.toml", "package.json", "pelicanconf.py", "conf.py", "docusaurus.config.js",
    "docusaurus.config.ts", "eleventy.config.js", ".eleventy.js", "astro.config.mjs", "gatsby-config.js",
)  # fmt: skip


def root_of(path: Path) -> Path:
    """The nearest folder that is the top of a blog, from the path upwards; else the path, or the folder it is in."""
    start = path.resolve()
    if not start.is_dir():
        start = start.parent
    return next(filter(_is_root, (start, *start.parents)), start)


def _is_root(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in ROOT_MARKS)
