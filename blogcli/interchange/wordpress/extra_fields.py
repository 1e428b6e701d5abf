"""Read the fields of `extra["wordpress"]` from an item.

The module `extra_names` describes the fields.
"""

from collections.abc import Iterator
from typing import Any, Final

from . import extra_names
from .export_file.xml_reader import Element
from .taxonomies import iter_categories

# The names of the children of <item> that have a meaning for the import. All other children are stored in the field
# `elements` of `extra["wordpress"]`.
KNOWN_ELEMENTS: Final = {
    "title",
    "link",
    "guid",
    "description",
    "pubDate",
    "category",
    "dc:creator",
    "content:encoded",
    "excerpt:encoded",
    "wp:post_date",
    "wp:post_date_gmt",
    "wp:post_modified",
    "wp:post_modified_gmt",
    "wp:post_name",
    "wp:status",
    "wp:post_type",
    "wp:postmeta",
    "wp:comment",
    *(f"wp:{name}" for name in extra_names.COPIED_ELEMENTS),
}
_REPEATABLE_ELEMENTS: Final = {"category", "wp:postmeta", "wp:comment"}


def read_extra_fields(item: Element) -> dict[str, Any]:
    """Return the fields of `extra["wordpress"]` that are copied from an item without a conversion.

    Empty values and the default values of WordPress are omitted.
    """
    fields: dict[str, Any] = {name: item.child(name).strip() for name in ("guid", "link", "description")}
    guid = next((child for child in item.children if child.name == "guid"), None)
    if guid is not None and guid.attributes.get("isPermaLink") == "true":
        fields["guid_is_permalink"] = "true"
    fields |= {name: item.child(f"wp:{name}").strip() for name in extra_names.COPIED_ELEMENTS}
    fields["categories"] = [_read_category(category) for category in iter_categories(item)]
    metas = _iter_metas(item, "wp:postmeta")
    fields["postmeta"] = [meta for meta in metas if not meta["key"].startswith(extra_names.OWN_META_PREFIX)]
    fields["comments"] = [_read_comment(child) for child in item.children if child.name == "wp:comment"]
    fields["elements"] = [_read_element(element) for element in _iter_unknown_elements(item)]
    return {name: value for name, value in fields.items() if value and value != extra_names.DEFAULTS.get(name)}


def iter_metas(item: Element) -> Iterator[tuple[str, str]]:
    """Yield the key and the value of each meta field of an item."""
    for meta in _iter_metas(item, "wp:postmeta"):
        yield meta["key"], meta["value"]


def get_meta(item: Element, key: str) -> str:
    """Return the value of the first meta field of an item with the given key, or an empty string if none exists."""
    return next((value for name, value in iter_metas(item) if name == key), "")


def _iter_metas(element: Element, name: str) -> Iterator[dict[str, str]]:
    for child in element.children:
        if child.name == name:
            yield {"key": child.child("wp:meta_key"), "value": child.child("wp:meta_value")}


def _read_category(category: Element) -> dict[str, str]:
    attributes = {name: category.attributes.get(name, "") for name in ("domain", "nicename")}
    fields = attributes | {"name": category.text}
    return {name: value for name, value in fields.items() if value}


def _read_comment(comment: Element) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for child in comment.children:
        if child.name != "wp:commentmeta" and child.text.strip():
            fields.setdefault(child.name.removeprefix("wp:"), child.text)
    metas = list(_iter_metas(comment, "wp:commentmeta"))
    return fields | ({"commentmeta": metas} if metas else {})


def _iter_unknown_elements(item: Element) -> Iterator[Element]:
    """Yield the unknown children of an item, and the repetitions of children that an item should contain only once."""
    names = set[str]()
    for child in item.children:
        is_repetition = child.name in names and child.name not in _REPEATABLE_ELEMENTS
        if child.name not in KNOWN_ELEMENTS or is_repetition:
            yield child
        elif child.text:
            names.add(child.name)


def _read_element(element: Element) -> dict[str, Any]:
    fields = {
        "name": element.name,
        "attributes": element.attributes,
        "text": element.text if element.text.strip() else "",
        "children": [_read_element(child) for child in element.children],
    }
    return {name: value for name, value in fields.items() if value}
