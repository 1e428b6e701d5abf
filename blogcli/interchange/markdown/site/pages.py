"""Recognize the files of a site that its generator does not treat as posts: pages, page fragments and bundle files."""

from pathlib import PurePath

from pydantic import JsonValue

from ...notes import Omission
from ..values import Fields
from .context import JEKYLL_FOLDERS, JEKYLL_MARKS, FolderContext
from .file_stems import split_language, stem_of

# The configuration files of generators with a folder `pages`: Pelican and Nikola.
_MARKS_OF_PAGES = {"pelicanconf.py", "conf.py"}
# The configuration files of generators with page bundles: Hugo and Zola.
_MARKS_OF_BUNDLES = {"hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config.json", "zola.toml"}
_PAGE = Omission("page", "a page is not a post")
_SECTION_PAGE = Omission("section page", "the page of a folder is not a post")
_PAGE_FRAGMENT = Omission("page fragment", "its name begins with _, like that of a page fragment")


def find_page(path: PurePath, context: FolderContext, fields: Fields) -> Omission | None:
    """Return why a file is not a post by the rules of its generator, or None if it is a post.

    The first part of the path is the name of the root folder of the site.
    """
    folders = path.parts[1:-1]
    stem = split_language(stem_of(path.name))[0]
    if stem.startswith("_"):
        return _SECTION_PAGE if stem == "_index" else _PAGE_FRAGMENT
    if not JEKYLL_FOLDERS.isdisjoint(folders):
        return None
    # In Hexo, files in `source` that are not in `_posts` or `_drafts` are pages.
    if (context.is_beside_posts and "source" in folders) or ("pages" in folders and context.marks & _MARKS_OF_PAGES):
        return _PAGE
    is_jekyll = context.is_beside_posts or context.marks & JEKYLL_MARKS
    if is_jekyll and (_is_page(fields.get("layout")) or _is_page(fields.get("type"))):
        return _PAGE
    if context.has_index and context.marks & _MARKS_OF_BUNDLES and stem != "index" and folders != ("content",):
        return Omission("page bundle file", "it belongs to the post of its folder")
    return None


def _is_page(value: JsonValue) -> bool:
    return isinstance(value, str) and value.strip().lower() == "page"
