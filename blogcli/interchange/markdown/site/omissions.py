"""Determine why a file of a site is not a post: for example, it is a page, a part of another post, or empty."""

from pathlib import PurePath

from pydantic import JsonValue

from ...notes import Omission
from ..front_matter.parser import FrontMatter
from ..values import Fields, is_blank
from .context import JEKYLL_FOLDERS, JEKYLL_MARKS, FolderContext
from .file_stems import split_language, stem_of
from .paths import PathInfo

# The configuration files of Pelican and Nikola. In sites with these files, the files in folders named `pages` are not
# posts.
_MARKS_OF_PAGES = {"pelicanconf.py", "conf.py"}
# The configuration files of Hugo and Zola. In sites with these files, a folder with an `index` file is a page bundle
# with only one post.
_MARKS_OF_BUNDLES = {"hugo.toml", "hugo.yaml", "hugo.json", "config.toml", "config.yaml", "config.json", "zola.toml"}
_PAGE = Omission("page", "a page is not a post")
_SECTION_PAGE = Omission("section page", "the page of a folder is not a post")
_PAGE_FRAGMENT = Omission("page fragment", "its name begins with _, like that of a page fragment")
_BUNDLE_FILE = Omission("page bundle file", "it belongs to the post of its folder")
_AUTHOR_PAGE = Omission("author page", "the page of an author is not a post")
_PROJECT_FILE = Omission("documentation file", "project documentation without a title or a date")
_HTML_FILE = Omission("HTML file", "HTML without front matter")
_EMPTY_FILE = Omission("empty file", "it has neither a title nor text")


def find_omission(
    path: PurePath, context: FolderContext, path_info: PathInfo, front_matter: FrontMatter
) -> Omission | None:
    """Return why a file is not a post, or None if it is a post.

    The first part of `path` is the name of the root folder of the site.
    """
    fields = front_matter.fields
    omission = _find_generator_omission(path, context, fields)
    if omission:
        return omission
    has_date = not is_blank(fields.get("date"))
    if path_info.is_about_authors and not has_date:
        return _AUTHOR_PAGE
    if has_date or not is_blank(fields.get("title")):
        return None
    if path_info.is_project_file:
        return _PROJECT_FILE
    if path_info.is_html and not fields:
        return _HTML_FILE
    return None if front_matter.body.strip() else _EMPTY_FILE


def _find_generator_omission(path: PurePath, context: FolderContext, fields: Fields) -> Omission | None:
    """Return why a file is not a post according to the rules of its site generator, or None if no rule applies."""
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
        return _BUNDLE_FILE
    return None


def _is_page(value: JsonValue) -> bool:
    return isinstance(value, str) and value.strip().lower() == "page"
