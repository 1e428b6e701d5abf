"""Convert the categories and tags of WordPress to tags of blogcli, and back."""

from collections.abc import Iterator
from html import escape
from typing import Final
from urllib.parse import quote

from ...text.casefold import tag_key
from ...text.slugify import slugify_title
from ...text.truncate_repr import quoted
from ..notes import NoteCode, OnNote
from ..records import PostRecord, TagRecord
from ..sanitize import sanitized_tag_key
from .export_file.xml_reader import Element
from .extra_names import ExtraFields, get_maps, get_text
from .plain_text import plain_text

_NAMES: Final = {"wp:category": "wp:cat_name", "wp:tag": "wp:tag_name", "wp:term": "wp:term_name"}
_SLUGS: Final = {"wp:category": "wp:category_nicename", "wp:tag": "wp:tag_slug", "wp:term": "wp:term_slug"}
# The domains of the <category> elements that are imported as tags. Old exports use the domain `tag`, and contain a copy
# of each category without a domain.
TAG_DOMAINS: Final = {"category", "post_tag", "tag", ""}
_UNCATEGORIZED: Final = "uncategorized"
_UNSUPPORTED: Final = ("description", "parent")


def read_term_tags(term: Element, on_note: OnNote) -> tuple[TagRecord, ...]:
    """Convert a <wp:category>, <wp:tag> or <wp:term> element to a tag.

    Returns a tuple with the tag. The tuple is empty if the term has no name or is neither a category nor a tag.
    """
    name = plain_text(term.child(_NAMES[term.name])) or plain_text(term.child(_SLUGS[term.name]))
    taxonomy = term.child("wp:term_taxonomy").strip()
    if taxonomy not in TAG_DOMAINS or not name:
        text = f"{taxonomy or 'term'} {quoted(name)} is not a category or a tag with a name"
        on_note(NoteCode.NOT_IMPORTED, text, kind="other taxonomy term")
        return ()
    filled_elements = [child.name for child in term.children if child.text]
    unsupported = [part for part in _UNSUPPORTED if any(element.endswith(f"_{part}") for element in filled_elements)]
    if any(child.name == "wp:termmeta" for child in term.children):
        unsupported.append("meta")
    if unsupported:
        on_note(NoteCode.NOT_IMPORTED, f"the {' and the '.join(unsupported)} of the tag {quoted(name)}")
    return (TagRecord(name=name),)


def read_item_tags(item: Element) -> tuple[str, ...]:
    """Return the names of the tags and categories of an item, in document order and without duplicates."""
    names = (_get_category_name(category) for category in iter_categories(item) if _get_domain(category) in TAG_DOMAINS)
    return tuple(dict.fromkeys(filter(None, names)))


def list_assigned_terms(item: Element) -> set[tuple[str, str]]:
    """Return the taxonomy and the name of each term of an item.

    The default category is omitted if the item has no other category, because WordPress assigns the default category to
    each post without a category.
    """
    categories = [child for child in item.children if child.name == "category" and _get_domain(child) == "category"]
    is_automatic = [category.attributes.get("nicename") for category in categories] == [_UNCATEGORIZED]
    terms = {(_get_taxonomy(category), _get_category_name(category)) for category in iter_categories(item)}
    return {(taxonomy, name) for taxonomy, name in terms if not (is_automatic and taxonomy == "category")}


def iter_categories(item: Element) -> Iterator[Element]:
    """Yield the <category> elements of an item without duplicates.

    In old exports, each category has a copy without a nicename. The copies are not yielded.
    """
    categories = [child for child in item.children if child.name == "category"]
    names_with_nicename = {_get_category_name(category) for category in categories if "nicename" in category.attributes}
    seen = set[tuple[str, ...]]()
    for category in categories:
        key = (_get_domain(category), category.attributes.get("nicename", ""), category.text)
        is_repetition = (
            "nicename" not in category.attributes
            and _get_domain(category) in TAG_DOMAINS
            and _get_category_name(category) in names_with_nicename
        )
        if not is_repetition and key not in seen:
            yield category
        seen.add(key)


def format_categories(post: PostRecord, fields: ExtraFields) -> Iterator[tuple[dict[str, str], str]]:
    """Yield the attributes and the text of each <category> element of a post.

    The categories that are stored in `fields` come first. A category whose tag was removed from the post is omitted.
    The tags that have no stored category follow.
    """
    tags = {tag_key(name): name for name in post.tags}
    keys_with_category = set[str]()
    for category in get_maps(fields, "categories"):
        domain = get_text(category, "domain")
        nicename = get_text(category, "nicename")
        name = get_text(category, "name")
        key = sanitized_tag_key(_choose_name(name, nicename))
        if domain.strip() not in TAG_DOMAINS:
            yield {"domain": domain, "nicename": nicename}, name
        elif key in tags:
            keys_with_category.add(key)
            yield {"domain": domain or "category", "nicename": nicename or make_nicename(name)}, name
    for key, name in tags.items():
        if key not in keys_with_category:
            yield {"domain": "post_tag", "nicename": make_nicename(name)}, escape(name, quote=False)


def make_nicename(name: str) -> str:
    """Return the nicename that WordPress uses in URLs for a tag with this name."""
    return quote(slugify_title(name), safe="").lower()


def _get_domain(category: Element) -> str:
    return category.attributes.get("domain", "").strip()


def _get_taxonomy(category: Element) -> str:
    domain = _get_domain(category)
    return "post_tag" if domain == "tag" else domain


def _get_category_name(category: Element) -> str:
    return _choose_name(category.text, category.attributes.get("nicename", ""))


def _choose_name(name: str, nicename: str) -> str:
    return plain_text(name) or plain_text(nicename)
