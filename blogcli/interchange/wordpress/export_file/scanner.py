"""Scan the files of an import, which belong to one site: collect its authors, terms, images and restriction rules."""

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

# The maximum number of authors and terms, and of image addresses, because all of them are held in memory.
MAX_ENTRIES: Final = 200_000
_TERMS: Final = {"wp:category", "wp:tag", "wp:term"}
# The approximate size of a repaired line as an item, in bytes.
_REPAIRED_LINE_SIZE: Final = 100


@dataclass(frozen=True)
class PostItem:
    """An item, with what other parts of the export contain about it."""

    element: Element
    # The address of the blog that the item belongs to.
    blog: str
    # The <wp:author> with the login of the creator, or None if the export does not contain it.
    author: Element | None
    # The address of the thumbnail, or None if the export does not contain it.
    image: str | None
    # Whether several authors have the login, and the blog of the item is unknown.
    is_author_ambiguous: bool = False
    # The rule of a plugin that restricts access to the item, or None if access is not restricted by a rule.
    rule: str | None = None


@dataclass(frozen=True)
class AuthorItem:
    """An author, with the author who was listed earlier with the same login, if any.

    The posts with this login are assigned to the earlier author.
    """

    element: Element
    namesake: Element | None


@dataclass
class _Site:
    # The authors by login and e-mail address, because each part of an export may repeat them.
    authors: dict[tuple[str, str], tuple[str, AuthorItem]] = field(default_factory=dict)
    # The authors by the address of their blog and by login.
    authors_by_blog: dict[tuple[str, str], Element] = field(default_factory=dict)
    # The authors by login only, for parts of an export that do not name their blog.
    authors_by_login: dict[str, list[Element]] = field(default_factory=dict)
    # The authors by e-mail address, because some programs write the address of the creator instead of the login.
    authors_by_email: dict[str, Element] = field(default_factory=dict)
    # The terms by their content, because each part of an export may repeat them.
    terms: dict[tuple[str, ...], tuple[str, Element]] = field(default_factory=dict)
    # The addresses of blogs by the name of the source.
    blogs: dict[str, str] = field(default_factory=dict)
    # The addresses of attachments by address of the blog and number.
    images: dict[tuple[str, str], str] = field(default_factory=dict)
    rules: RestrictionRules = field(default_factory=RestrictionRules)
    item_count: int = 0


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:
    """Return all authors, then all terms, then the items of one source after the other.

    Raises InvalidError for a source that is not well-formed or not WXR.
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
        # A login that occurs in two blogs belongs to two different people.
        first_author = site.authors_by_blog.setdefault((site.blogs.get(source, ""), login), author)
    # Each author without a login gets a separate key.
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
    """Return the author with this login or e-mail address, and whether other authors match as well."""
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
    """Return the number of the attachment in the thumbnail meta of an item.

    Returns an empty string for any other child of an item.
    """
    is_thumbnail = element.name == "wp:postmeta" and element.child("wp:meta_key").strip() == THUMBNAIL_META
    return element.child("wp:meta_value").strip() if is_thumbnail else ""
