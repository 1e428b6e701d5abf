"""A first look at the files of a run, which are one site: who writes in it, its tags and its images."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ...errors import InvalidError
from ..items import RawItem, ReadOptions, Scan
from ..sources import Source
from .extra_names import THUMBNAIL
from .restriction_rules import Rules
from .xml_reader import Element, elements
from .xml_repair import Mended

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
    # Whether it is one of several of that login, and nobody knows of which blog the post is.
    is_author_guessed: bool = False
    # The rule of a plugin that restricts who reads it, None if there is none.
    rule: str | None = None


@dataclass(frozen=True)
class AuthorItem:
    """An author, and the one of the same login and another address who is taken for the author of their posts."""

    element: Element
    namesake: Element | None


@dataclass
class _Site:
    # By login and address: exports in several parts repeat them.
    people: dict[tuple[str, str], tuple[str, AuthorItem]] = field(default_factory=dict)
    # By blog and login.
    authors: dict[tuple[str, str], Element] = field(default_factory=dict)
    # By login alone, for parts that do not say of which blog they are.
    by_login: dict[str, list[Element]] = field(default_factory=dict)
    # Some generators name the address of whom they mean.
    by_address: dict[str, Element] = field(default_factory=dict)
    terms: dict[tuple[str, ...], tuple[str, Element]] = field(default_factory=dict)
    blogs: dict[str, str] = field(default_factory=dict)
    images: dict[tuple[str, str], str] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    items: int = 0


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:
    """All authors, then all terms, then the items of one source after the other.

    Raises InvalidError where a source is not well-formed, or no WXR.
    """
    site = _Site()
    for source in sources:
        _look_at(source, options, site)
    total = len(site.people) + len(site.terms) + site.items
    return Scan(total, _items(sources, options, site))


def _look_at(source: Source, options: ReadOptions, site: _Site) -> None:
    is_wxr = False
    for element in elements(source, options):
        site.items += isinstance(element, Mended) or element.name == "item"
        if isinstance(element, Element):
            is_wxr = is_wxr or element.name.startswith("wp:") or _is_of_wordpress(element)
            _note(element, source.name, site)
        if len(site.people) + len(site.terms) > _MOST:
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
            _note_author(element, source, site)
        case name if name in _TERMS:
            key = (name, *(text for each in element.children for text in (each.name, each.text)))
            site.terms.setdefault(key, (source, element))
            site.rules.note_term(element)
        case "item" if element.child("wp:post_type").strip() == "attachment" and len(site.images) < _MOST:
            address = element.child("wp:attachment_url").strip() or element.child("guid").strip()
            site.images[site.blogs.get(source, ""), element.child("wp:post_id").strip()] = address
        case "item":
            site.rules.note_item(element, site.blogs.get(source, ""))


def _note_author(author: Element, source: str, site: _Site) -> None:
    login, address = _login(author), _address(author)
    first = author
    if login:
        # Of two blogs, those of one login are two people.
        first = site.authors.setdefault((site.blogs.get(source, ""), login), author)
    key = (login or f"\0{len(site.people)}", address)
    if key not in site.people:
        site.people[key] = source, AuthorItem(author, None if _address(first) == address else first)
        site.by_login.setdefault(key[0], []).append(author)
        if address:
            site.by_address[address] = author


def _items(sources: Sequence[Source], options: ReadOptions, site: _Site) -> Iterator[RawItem]:
    for name, author in site.people.values():
        yield RawItem(name, author.element.line, author, author.element.size)
    for name, term in site.terms.values():
        yield RawItem(name, term.line, term, term.size)
    for source in sources:
        for element in elements(source, options):
            if isinstance(element, Mended):
                yield RawItem(source.name, element.line, element, _MARKUP)
            elif element.name == "item":
                yield RawItem(source.name, element.line, _post_item(element, source.name, site), element.size)


def _post_item(element: Element, source: str, site: _Site) -> PostItem:
    blog = site.blogs.get(source, "")
    author, is_guessed = _author(element.child("dc:creator").strip().casefold(), blog, site)
    thumbnail = next((_value(each) for each in element.children if _is_thumbnail(each)), "")
    image = site.images.get((blog, thumbnail)) if thumbnail else None
    rule = site.rules.reason_for(element, blog)
    return PostItem(element, blog, author, image or None, is_author_guessed=is_guessed, rule=rule)


def _author(creator: str, blog: str, site: _Site) -> tuple[Element | None, bool]:
    """The author of that login or address, and whether there are others who are meant just as well."""
    if (blog, creator) in site.authors:
        return site.authors[blog, creator], False
    named = site.by_login.get(creator)
    if named:
        return named[0], len(named) > 1
    return site.by_address.get(creator), False


def _login(author: Element) -> str:
    return author.child("wp:author_login").strip().casefold()


def _address(author: Element) -> str:
    return author.child("wp:author_email").strip().casefold()


def _is_thumbnail(element: Element) -> bool:
    return element.name == "wp:postmeta" and element.child("wp:meta_key").strip() == THUMBNAIL


def _value(meta: Element) -> str:
    return meta.child("wp:meta_value").strip()
