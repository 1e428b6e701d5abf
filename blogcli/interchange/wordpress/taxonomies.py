"""Categories and tags: both become tags."""

from collections.abc import Iterator
from html import escape
from typing import Final
from urllib.parse import quote

from ...text.casefold import tag_key
from ...text.slugify import slugify_title
from ..notes import NoteCode
from ..records import PostRecord, TagRecord
from ..sanitize import fitted_tag_key
from ..truncate_repr import quoted
from .character_references import plain
from .dates import Say
from .extra_names import Kept, maps_in, text_in
from .xml_reader import Element

_NAMES: Final = {"wp:category": "wp:cat_name", "wp:tag": "wp:tag_name", "wp:term": "wp:term_name"}
_SLUGS: Final = {"wp:category": "wp:category_nicename", "wp:tag": "wp:tag_slug", "wp:term": "wp:term_slug"}
# Exports of old say `tag`, and nothing at all for what they repeat.
TAG_DOMAINS: Final = {"category", "post_tag", "tag", ""}
_UNCATEGORIZED: Final = "uncategorized"
_FURTHER: Final = ("description", "parent")


def tags_of_term(term: Element, say: Say) -> tuple[TagRecord, ...]:
    """The tag that a <wp:category>, <wp:tag> or <wp:term> is; none of any other taxonomy."""
    name = plain(term.child(_NAMES[term.name])) or plain(term.child(_SLUGS[term.name]))
    taxonomy = term.child("wp:term_taxonomy").strip()
    if taxonomy not in TAG_DOMAINS or not name:
        say(
            NoteCode.NOT_IMPORTED,
            f"{taxonomy or 'term'} {quoted(name)} is neither a category nor a tag with a name",
        )
        return ()
    kept = [each for each in _FURTHER if any(one.name.endswith(f"_{each}") and one.text for one in term.children)]
    if any(each.name == "wp:termmeta" for each in term.children):
        kept.append("meta")
    if kept:
        say(NoteCode.NOT_IMPORTED, f"the {' and the '.join(kept)} of the tag {quoted(name)}")
    return (TagRecord(name=name),)


def tags_of_item(item: Element) -> tuple[str, ...]:
    """The names of the tags and categories of an item, in order and once."""
    named = (_name(each) for each in categories_of(item) if _domain(each) in TAG_DOMAINS)
    return tuple(dict.fromkeys(filter(None, named)))


def categories_told(item: Element) -> set[tuple[str, str]]:
    """Taxonomies and names of the categories of an item, but for the one that WordPress gives to what has none."""
    told = {("post_tag" if _domain(each) == "tag" else _domain(each), _name(each)) for each in categories_of(item)}
    categories = [each for each in item.children if each.name == "category" and _domain(each) == "category"]
    is_automatic = [each.attributes.get("nicename") for each in categories] == [_UNCATEGORIZED]
    return {one for one in told if not (is_automatic and one[0] == "category")}


def categories_of(item: Element) -> Iterator[Element]:
    """The <category> elements of an item, without those that exports of old repeat without a nicename."""
    found = [each for each in item.children if each.name == "category"]
    told = {_name(each) for each in found if "nicename" in each.attributes}
    seen = set[tuple[str, ...]]()
    for each in found:
        key = (_domain(each), each.attributes.get("nicename", ""), each.text)
        is_repeated = "nicename" not in each.attributes and _domain(each) in TAG_DOMAINS and _name(each) in told
        if not is_repeated and key not in seen:
            yield each
        seen.add(key)


def name_of_category(text: str, nicename: str) -> str:
    """The name of the tag that a category of this text and nicename is; empty where it has none."""
    return plain(text) or plain(nicename)


def _domain(category: Element) -> str:
    return category.attributes.get("domain", "").strip()


def _name(category: Element) -> str:
    return name_of_category(category.text, category.attributes.get("nicename", ""))


def categories_to_write(post: PostRecord, kept: Kept) -> Iterator[tuple[dict[str, str], str]]:
    """Attributes and texts: of its categories, but for tags that are gone, then of the tags that no category names."""
    wanted = {tag_key(name): name for name in post.tags}
    seen = set[str]()
    for each in maps_in(kept, "categories"):
        domain, named, name = (text_in(each, part) for part in ("domain", "nicename", "name"))
        key = fitted_tag_key(name_of_category(name, named))
        if domain.strip() not in TAG_DOMAINS:
            yield {"domain": domain, "nicename": named}, name
        elif key in wanted:
            seen.add(key)
            yield {"domain": domain or "category", "nicename": named or nicename(name)}, name
    for key, name in wanted.items():
        if key not in seen:
            yield {"domain": "post_tag", "nicename": nicename(name)}, escape(name, quote=False)


def nicename(name: str) -> str:
    """The name as WordPress has it in addresses."""
    return quote(slugify_title(name), safe="").lower()
