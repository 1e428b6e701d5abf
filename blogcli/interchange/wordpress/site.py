"""A first look at the files of a run, which are one site: who writes in it, its tags and its images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ...errors import InvalidError
from ..entries import Item, ReadOptions, Survey
from ..sources import Source
from .elements import Element, elements
from .fields import THUMBNAIL
from .mending import Mended

# More is no blog's, and would not fit into memory.
_MOST: Final = 200_000
_TERMS: Final = {"wp:category", "wp:tag", "wp:term"}
_MARKUP = 100


@dataclass(frozen=True)
class PostItem:
    """An item, and what other parts of the export say about it."""

    element: Element
    blog: str
    # The <wp:author> whose login it names, None where there is none.
    author: Element | None
    # The address of its thumbnail, None where the export does not hold it.
    image: str | None


@dataclass
class _Site:
    authors: dict[str, tuple[str, Element]] = field(default_factory=dict)
    # Some generators name the address of whom they mean.
    by_address: dict[str, tuple[str, Element]] = field(default_factory=dict)
    terms: dict[tuple[str, ...], tuple[str, Element]] = field(default_factory=dict)
    blogs: dict[str, str] = field(default_factory=dict)
    images: dict[tuple[str, str], str] = field(default_factory=dict)
    items: int = 0


def survey_site(sources: Sequence[Source], options: ReadOptions) -> Survey:
    """All authors, then all terms, then the items of one source after the other.

    Raises InvalidError where a source is not well-formed, or no WXR.
    """
    site = _Site()
    for source in sources:
        _look_at(source, options, site)
    site.by_address = {_address(found[1]): found for found in site.authors.values() if _address(found[1])}
    total = len(site.authors) + len(site.terms) + site.items
    return Survey(total, _items(sources, options, site))


def _look_at(source: Source, options: ReadOptions, site: _Site) -> None:
    is_wxr = False
    for element in elements(source, options):
        site.items += isinstance(element, Mended) or element.name == "item"
        if isinstance(element, Element):
            is_wxr = is_wxr or element.name.startswith("wp:") or _is_of_wordpress(element)
            _note(element, source.name, site)
        if len(site.authors) + len(site.terms) > _MOST:
            raise InvalidError(f"{source.name}: more than {_MOST:,} authors, categories and tags")
    if not is_wxr:
        raise InvalidError(f"{source.name}: not a WordPress export", hint="In WordPress: Tools, Export, All content.")


def _is_of_wordpress(element: Element) -> bool:
    return element.name == "item" and any(each.name.startswith("wp:") for each in element.children)


def _note(element: Element, source: str, site: _Site) -> None:
    match element.name:
        case "wp:base_blog_url":
            site.blogs.setdefault(source, element.text.strip())
        case "wp:author" | "wp:wp_author":
            site.authors.setdefault(_login(element) or f"\0{len(site.authors)}", (source, element))
        case name if name in _TERMS:
            key = (name, *(text for each in element.children for text in (each.name, each.text)))
            site.terms.setdefault(key, (source, element))
        case "item" if element.child("wp:post_type").strip() == "attachment" and len(site.images) < _MOST:
            address = element.child("wp:attachment_url").strip() or element.child("guid").strip()
            site.images[site.blogs.get(source, ""), element.child("wp:post_id").strip()] = address


def _items(sources: Sequence[Source], options: ReadOptions, site: _Site) -> Iterator[Item]:
    for name, told in (*site.authors.values(), *site.terms.values()):
        yield Item(name, told.line, told, told.size)
    for source in sources:
        for element in elements(source, options):
            if isinstance(element, Mended):
                yield Item(source.name, element.line, element, _MARKUP)
            elif element.name == "item":
                yield Item(source.name, element.line, _post_item(element, source.name, site), element.size)


def _post_item(element: Element, source: str, site: _Site) -> PostItem:
    blog = site.blogs.get(source, "")
    creator = element.child("dc:creator").strip().casefold()
    _, author = site.authors.get(creator) or site.by_address.get(creator) or ("", None)
    thumbnail = next((_value(each) for each in element.children if _is_thumbnail(each)), "")
    image = site.images.get((blog, thumbnail)) if thumbnail else None
    return PostItem(element, blog, author, image or None)


def _login(author: Element) -> str:
    return author.child("wp:author_login").strip().casefold()


def _address(author: Element) -> str:
    return author.child("wp:author_email").strip().casefold()


def _is_thumbnail(element: Element) -> bool:
    return element.name == "wp:postmeta" and element.child("wp:meta_key").strip() == THUMBNAIL


def _value(meta: Element) -> str:
    return meta.child("wp:meta_value").strip()
