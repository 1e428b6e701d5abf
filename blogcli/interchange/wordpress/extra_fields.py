"""What of an item has no column, by the names of `fields`."""

from collections.abc import Iterator
from typing import Any, Final

from . import extra_names
from .taxonomies import categories_of
from .xml_reader import Element

# What has columns, or lists of its own.
TAKEN: Final = {
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
    *(f"wp:{name}" for name in extra_names.KEPT),
}


def leftovers(item: Element) -> dict[str, Any]:
    """All that is kept of an item as it is; without what is empty or as WordPress makes it."""
    found: dict[str, Any] = {name: item.child(name).strip() for name in ("guid", "link", "description")}
    guid = next((each for each in item.children if each.name == "guid"), None)
    if guid is not None and guid.attributes.get("isPermaLink") == "true":
        found["guid_is_permalink"] = "true"
    found |= {name: item.child(f"wp:{name}").strip() for name in extra_names.KEPT}
    found["categories"] = [_category(each) for each in categories_of(item)]
    found["postmeta"] = [
        meta for meta in _metas(item, "wp:postmeta") if not meta["key"].startswith(extra_names.OWN_META)
    ]
    found["comments"] = [_comment(each) for each in item.children if each.name == "wp:comment"]
    found["elements"] = [_element(each) for each in _others(item)]
    return {name: value for name, value in found.items() if value and value != extra_names.DEFAULTS.get(name)}


def metas_of(item: Element) -> Iterator[tuple[str, str]]:
    """Keys and values of the metas of an item."""
    for meta in _metas(item, "wp:postmeta"):
        yield meta["key"], meta["value"]


def meta_of(item: Element, key: str) -> str:
    """The first meta of an item with that key; empty where there is none."""
    return next((value for name, value in metas_of(item) if name == key), "")


def _metas(element: Element, name: str) -> Iterator[dict[str, str]]:
    for each in element.children:
        if each.name == name:
            yield {"key": each.child("wp:meta_key"), "value": each.child("wp:meta_value")}


def _category(category: Element) -> dict[str, str]:
    found = {name: category.attributes.get(name, "") for name in ("domain", "nicename")} | {"name": category.text}
    return {name: value for name, value in found.items() if value}


def _comment(comment: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in comment.children:
        if each.name != "wp:commentmeta" and each.text.strip():
            found.setdefault(each.name.removeprefix("wp:"), each.text)
    metas = list(_metas(comment, "wp:commentmeta"))
    return found | ({"commentmeta": metas} if metas else {})


def _others(item: Element) -> Iterator[Element]:
    """All elements that are not known, and those of a name that should be there once, from the second on."""
    seen = set[str]()
    for each in item.children:
        is_list = each.name in {"category", "wp:postmeta", "wp:comment"}
        if each.name not in TAKEN or (each.name in seen and not is_list):
            yield each
        elif each.text:
            seen.add(each.name)


def _element(element: Element) -> dict[str, Any]:
    found = {
        "name": element.name,
        "attributes": element.attributes,
        "text": element.text if element.text.strip() else "",
        "children": [_element(each) for each in element.children],
    }
    return {name: value for name, value in found.items() if value}
