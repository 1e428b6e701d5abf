"""Files of a blog that are no posts by the rules of its generator: pages, their parts, and what belongs to a post."""

from pathlib import PurePath

from pydantic import JsonValue

from ...notes import Omission
from ..values import Fields
from .context import JEKYLL_FOLDERS, JEKYLL_MARKS, FolderContext
from .file_stems import split_language, stem_of

# Of Pelican and Nikola.
_WITH_PAGES = {"pelicanconf.py", "conf.py"}
# Of Hugo and Zola.
_WITH_BUNDLES = {"hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config.json", "zola.toml"}
_PAGE = Omission("page", "a page is not a post")
_SECTION_PAGE = Omission("section page", "the page of a folder is not a post")
_PAGE_FRAGMENT = Omission("page fragment", "its name begins with _, as that of a part")


def find_page(path: PurePath, context: FolderContext, fields: Fields) -> Omission | None:
    """Return why a file is a page and not a post, or None; the path begins with the folder of the site."""
    folders = path.parts[1:-1]
    stem = split_language(stem_of(path.name))[0]
    if stem.startswith("_"):
        return _SECTION_PAGE if stem == "_index" else _PAGE_FRAGMENT
    if not JEKYLL_FOLDERS.isdisjoint(folders):
        return None
    # In Hexo, files beside the folder of the posts are pages.
    if (context.is_beside_posts and "source" in folders) or ("pages" in folders and context.marks & _WITH_PAGES):
        return _PAGE
    is_jekyll = context.is_beside_posts or context.marks & JEKYLL_MARKS
    if is_jekyll and (_is_page(fields.get("layout")) or _is_page(fields.get("type"))):
        return _PAGE
    if context.has_index and context.marks & _WITH_BUNDLES and stem != "index" and folders != ("content",):
        return Omission("page bundle file", "it belongs to the post of its folder")
    return None


def _is_page(value: JsonValue) -> bool:
    return isinstance(value, str) and value.strip().lower() == "page"
