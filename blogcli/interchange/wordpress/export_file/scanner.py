"""Scan the export files of one site to collect the authors, terms, images and access rules of the site."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ....errors import InvalidError
from ...items import RawItem, ReadOptions, Scan
from ...sources import Source
from ..extra_names import THUMBNAIL_META
from ..restriction_rules import RestrictionRules
from .xml_reader import Element, iter_elements
from .xml_repair import RepairedLine

# The maximum number of authors and terms together. Also the maximum number of image addresses. All authors, terms and
# addresses are in memory at the same time, so their number must be limited.
MAX_ENTRIES: Final = 200_000
_TERMS: Final = {"wp:category", "wp:tag", "wp:term"}
# The approximate size in bytes of an item that reports a repaired line.
_REPAIRED_LINE_SIZE: Final = 100


@dataclass(frozen=True)
class PostItem:
    """An <item> element, and related information from other elements of the export."""

    element: Element
    # The URL of the blog to which the item belongs, or an empty string if the export does not contain the URL.
    blog: str
    # The <wp:author> element that matches the creator of the item, or None if no author matches.
    author: Element | None
    # The address of the featured image, or None if the export does not contain the address.
    image: str | None
    # Whether several authors have the login of the creator. If so, `author` may be the wrong author.
    is_author_ambiguous: bool = False
    # A description of the plugin rule that restricts access to the item, or None if no rule restricts access.
    rule: str | None = None


@dataclass(frozen=True)
class AuthorItem:
    """A <wp:author> element.

    If an earlier author of the same blog has the same login but another e-mail address, `namesake` is the element of
    the earlier author. All posts by this login are then assigned to the earlier author.
    """

    element: Element
    namesake: Element | None


@dataclass
class _Site:
    # Maps a login and an e-mail address to the author, and to the name of the first source that lists the author. An
    # author who is listed in several parts of an export is stored only once.
    authors: dict[tuple[str, str], tuple[str, AuthorItem]] = field(default_factory=dict)
    # Maps the URL of a blog and a login to an author.
    authors_by_blog: dict[tuple[str, str], Element] = field(default_factory=dict)
    # Maps a login to all authors with this login. Used if the blog of an item is unknown or does not list the creator.
    authors_by_login: dict[str, list[Element]] = field(default_factory=dict)
    # Maps an e-mail address to an author. Some programs write the address of the creator of an item, not the login.
    authors_by_email: dict[str, Element] = field(default_factory=dict)
    # Maps the content of a term to the term, and to the name of the first source that lists the term. A term that is
    # listed in several parts of an export is stored only once.
    terms: dict[tuple[str, ...], tuple[str, Element]] = field(default_factory=dict)
    # Maps the name of a source to the URL of the blog that the source contains.
    blogs: dict[str, str] = field(default_factory=dict)
    # Maps the URL of a blog and the number of an attachment to the address of the attachment.
    images: dict[tuple[str, str], str] = field(default_factory=dict)
    rules: RestrictionRules = field(default_factory=RestrictionRules)
    item_count: int = 0


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:
    """Scan the sources, and return a Scan with all authors, then all terms, and then the items of each source.

    Raises InvalidError if a source is not well-formed XML, if a source is not WXR, or if the sources contain too many
    authors and terms.
    """
    site = _Site()
    for source in sources:
        _scan_source(source, options, site)
    total = len(site.authors) + len(site.terms) + site.item_count
    return Scan(total, _iter_items(sources, options, site))


def _scan_source(source: Source, options: ReadOptions, site: _Site) -> None:
    is_wxr = False
    for element in iter_elements(source, options):
        site.item_count += isinstance(element, RepairedLine) or element.name == "item"
        if isinstance(element, Element):
            is_wxr = is_wxr or element.name.startswith("wp:") or _is_wordpress_item(element)
            _add_element(element, source.name, site)
        if len(site.authors) + len(site.terms) > MAX_ENTRIES:
            raise InvalidError(f"{source.name}: more than {MAX_ENTRIES:,} authors, categories and tags")
    if not is_wxr:
        raise InvalidError(
            f"{source.name}: not a WordPress export",
            hint="Export the blog in WordPress with Tools, Export, All content.",
        )


def _is_wordpress_item(element: Element) -> bool:
    return element.name == "item" and any(child.name.startswith("wp:") for child in element.children)


def _add_element(element: Element, source: str, site: _Site) -> None:
    match element.name:
        case "wp:base_blog_url":
            site.blogs.setdefault(source, element.text.strip())
        case "wp:author" | "wp:wp_author":
            _add_author(element, source, site)
        case name if name in _TERMS:
            key = (name, *(text for child in element.children for text in (child.name, child.text)))
            site.terms.setdefault(key, (source, element))
            site.rules.add_term(element)
        case "item" if element.child("wp:post_type").strip() == "attachment" and len(site.images) < MAX_ENTRIES:
            address = element.child("wp:attachment_url").strip() or element.child("guid").strip()
            site.images[site.blogs.get(source, ""), element.child("wp:post_id").strip()] = address
        case "item":
            site.rules.add_item(element, site.blogs.get(source, ""))


def _add_author(author: Element, source: str, site: _Site) -> None:
    login = _read_login(author)
    email = _read_email(author)
    first_author = author
    if login:
        # The key contains the blog, because a login may belong to different people in different blogs.
        first_author = site.authors_by_blog.setdefault((site.blogs.get(source, ""), login), author)
    # Each author without a login gets a different key, because two such authors may be different people.
    key = (login or f"\0{len(site.authors)}", email)
    if key not in site.authors:
        namesake = None if _read_email(first_author) == email else first_author
        site.authors[key] = source, AuthorItem(author, namesake)
        site.authors_by_login.setdefault(key[0], []).append(author)
        if email:
            site.authors_by_email[email] = author


def _iter_items(sources: Sequence[Source], options: ReadOptions, site: _Site) -> Iterator[RawItem]:
    for name, author in site.authors.values():
        yield RawItem(name, author.element.line, author, author.element.size)
    for name, term in site.terms.values():
        yield RawItem(name, term.line, term, term.size)
    for source in sources:
        for element in iter_elements(source, options):
            if isinstance(element, RepairedLine):
                yield RawItem(source.name, element.line, element, _REPAIRED_LINE_SIZE)
            elif element.name == "item":
                yield RawItem(source.name, element.line, _make_post_item(element, source.name, site), element.size)


def _make_post_item(element: Element, source: str, site: _Site) -> PostItem:
    blog = site.blogs.get(source, "")
    creator = element.child("dc:creator").strip().casefold()
    author, is_ambiguous = _find_author(creator, blog, site)
    thumbnail = next(filter(None, map(_read_thumbnail, element.children)), "")
    image = site.images.get((blog, thumbnail)) if thumbnail else None
    rule = site.rules.find_rule(element, blog)
    return PostItem(element, blog, author, image or None, is_author_ambiguous=is_ambiguous, rule=rule)


def _find_author(creator: str, blog: str, site: _Site) -> tuple[Element | None, bool]:
    """Return the author whose login or e-mail address is `creator`, and whether the choice is ambiguous."""
    if (blog, creator) in site.authors_by_blog:
        return site.authors_by_blog[blog, creator], False
    authors = site.authors_by_login.get(creator)
    if authors:
        return authors[0], len(authors) > 1
    return site.authors_by_email.get(creator), False


def _read_login(author: Element) -> str:
    return author.child("wp:author_login").strip().casefold()


def _read_email(author: Element) -> str:
    return author.child("wp:author_email").strip().casefold()


def _read_thumbnail(element: Element) -> str:
    """Return the number of an attachment if `element` is the meta field that refers to the featured image of an item.

    Returns an empty string for any other child of an item.
    """
    is_thumbnail = element.name == "wp:postmeta" and element.child("wp:meta_key").strip() == THUMBNAIL_META
    return element.child("wp:meta_value").strip() if is_thumbnail else ""
