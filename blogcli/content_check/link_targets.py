"""Decide from the URL of a link whether it leads to a post of the blog, and to which one."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from urllib.parse import unquote

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\", re.IGNORECASE)
# Matches the characters of template languages, which a site generator replaces by something unknown.
_TEMPLATE = re.compile(r"[{}<>$*|\[\]\s\x00-\x1f]|%[^0-9A-Fa-f]|__\w")
_DOCUMENT_ENDINGS = (".md", ".markdown", ".mdx", ".mdown")
_PAGE_ENDINGS = (".html", ".htm", ".php", ".aspx")
# The folders in which many sites have all posts.
_POST_FOLDERS = frozenset({"_posts", "article", "articles", "blog", "entry", "p", "post", "posts"})
_ASSET_FOLDERS = frozenset({"assets", "files", "images", "media", "static", "uploads", "wp-content"})
_INDEXES = ("index", "_index")
_FILE_ENDING = re.compile(r"\.[a-z][a-z0-9]{0,5}$", re.IGNORECASE)
_DATED_NAME = re.compile(r"\d{4}-\d\d?-\d\d?-(?P<name>.+)", re.DOTALL)
# The pages that site generators make, or that nearly every blog has. They are not posts.
_GENERATED_PAGES = frozenset({
    "about", "archive", "archives", "atom", "author", "authors", "blog", "categories", "category", "contact", "feed",
    "home", "index", "page", "posts", "rss", "search", "series", "sitemap", "tag", "tags", "topics", "wp-admin",
    "wp-login",
})  # fmt: skip


class Certainty(Enum):
    """How certain it is that a link leads to a post."""

    # The link can lead to nothing but a post, so it is broken if there is no such post.
    POST = "post"
    # The link leads to a post or to a page that blogcli does not know.
    POST_OR_PAGE = "post or page"
    # The link may lead to anything, and is ignored unless its path is a permalink of a post.
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """The target of a link within the blog.

    `slugs` contains the slugs that the post may have, the most probable first. `path` is compared with the permalinks
    of posts. Both are empty for a link within the same post.
    """

    path: str
    slugs: tuple[str, ...]
    fragment: str
    certainty: Certainty

    @property
    def is_own_post(self) -> bool:
        """Whether the link leads to an anchor in the same post."""
        return not self.path


def parse_link(href: str) -> LinkTarget | None:
    """Return the target of a link, or None if the link leads to another site or cannot lead to a post."""
    href = href.strip()
    if not href or _SCHEME.match(href):
        return None
    path, _, fragment = href.partition("#")
    path, has_query, _ = path.partition("?")
    if _TEMPLATE.search(path) or (has_query and not path):
        return None
    if not path:
        return LinkTarget("", (), unquote(fragment), Certainty.POST) if fragment else None
    target = _target_of_path(unquote(path.removeprefix("@")), unquote(fragment))
    if target and has_query:
        return LinkTarget(target.path, (), target.fragment, Certainty.ANYTHING)
    return target


def parse_reference(reference: str, *, is_post: bool) -> LinkTarget | None:
    """Return the target of a reference such as `2024-05-31-hello` in `{% post_url 2024-05-31-hello %}`.

    `is_post` is true if the template refers to posts only. Returns None if the target is unknown.
    """
    reference = reference.strip("\"'")
    if _TEMPLATE.search(reference):
        return None
    path, _, fragment = reference.partition("#")
    return _target_of_path(unquote(path), fragment, is_post=is_post)


def permalink_key(permalink: str) -> str:
    """Return a form of a permalink, with or without a host, that is equal for all spellings of the same path."""
    _, separator, rest = permalink.strip().partition("://")
    path = f"/{rest.partition('/')[2]}" if separator else permalink.strip()
    return path_key(unquote(path.partition("#")[0].partition("?")[0]))


def path_key(path: str) -> str:
    """Return a form of a path that is equal for all spellings of the path."""
    parts = _parts(path)
    if parts:
        parts[-1] = _without_ending(parts[-1], (*_PAGE_ENDINGS, *_DOCUMENT_ENDINGS))
        if parts[-1] in _INDEXES:
            parts.pop()
    return "/".join(parts).casefold()


def _target_of_path(path: str, fragment: str, *, is_post: bool = False) -> LinkTarget | None:
    parts = _parts(path)
    is_document = bool(parts) and parts[-1].lower().endswith(_DOCUMENT_ENDINGS)
    if parts:
        parts[-1] = _without_ending(parts[-1], (*_DOCUMENT_ENDINGS, *_PAGE_ENDINGS))
        if parts[-1].lower() in _INDEXES:
            parts.pop()
    if not parts:
        return None
    name = parts[-1]
    dated = _DATED_NAME.fullmatch(name)
    names = [dated["name"], name] if dated else [name]
    slugs = dict.fromkeys(unicodedata.normalize("NFC", slug).lower() for slug in names)
    certainty = Certainty.POST if is_post else _certainty(parts, is_document=is_document, is_dated=dated is not None)
    return LinkTarget(path_key(path), () if certainty is Certainty.ANYTHING else tuple(slugs), fragment, certainty)


def _certainty(parts: list[str], *, is_document: bool, is_dated: bool) -> Certainty:
    """Return how certain a path leads to a post.

    Files such as `hello.md`, names with a date, and paths such as `2024/05/hello` can only be posts.
    """
    name = parts[-1]
    folders = [folder.lower() for folder in parts[:-1] if folder.lower() not in _POST_FOLDERS]
    if _FILE_ENDING.search(name) or name.isdecimal() or not _ASSET_FOLDERS.isdisjoint(folders):
        return Certainty.ANYTHING
    if is_dated or _is_date(folders):
        return Certainty.POST
    # A path with folders may be the address of any page or, without a scheme, of another site.
    # Files such as README.md describe a folder.
    if folders or name.lower() in _GENERATED_PAGES or (is_document and name.isupper()):
        return Certainty.ANYTHING
    return Certainty.POST if is_document else Certainty.POST_OR_PAGE


def _is_date(folders: list[str]) -> bool:
    """Return whether the folders are a year and a month, or end with a year, a month and a day."""
    numbers = [int(folder) if folder.isascii() and folder.isdecimal() and len(folder) <= 4 else 0 for folder in folders]
    if len(numbers) == 2:
        numbers.append(1)
    year, month, day = numbers[-3:] if len(numbers) > 2 else (0, 0, 0)
    return 1900 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= 31


def _parts(path: str) -> list[str]:
    """Return the parts of a path, without the parts that name a parent folder."""
    return [part for part in path.split("/") if part not in ("", ".", "..")]


def _without_ending(name: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)]
    return name
