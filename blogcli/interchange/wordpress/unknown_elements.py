"""Format those elements of an item that WordPress itself does not write, such as the elements of plugins."""

import re
from collections.abc import Iterator
from typing import Any, Final

from ...errors import InvalidError
from ..xml_text import nested
from .export_file.xml_reader import parse_element
from .extra_fields import KNOWN_ELEMENTS
from .extra_names import ExtraFields, get_maps, get_text
from .namespaces import NAMESPACES, OWN, XML

_NAME: Final = re.compile(r"(?:(?P<prefix>[a-z]+):|\{(?P<namespace>[^{}]+)\})?(?P<local>[^\W\d][\w.-]*)")


def format_unknown_elements(fields: ExtraFields) -> Iterator[str]:
    """Yield the XML of the unknown elements that are stored in `extra["wordpress"]`.

    Elements with invalid names are skipped, and also elements that the writer creates from other fields.
    """
    for element in get_maps(fields, "elements"):
        if get_text(element, "name") in KNOWN_ELEMENTS:
            continue
        xml = _format_element(element)
        if xml and _is_well_formed(xml):
            yield xml


def _format_element(element: ExtraFields) -> str:
    prefixes: dict[str, str] = {}
    name = _qualify_name(get_text(element, "name"), prefixes)
    if not name:
        return ""
    stored_attributes: Any = element.get("attributes")
    values = stored_attributes if isinstance(stored_attributes, dict) else {}
    named_values = {_qualify_name(key, prefixes): value for key, value in values.items() if isinstance(value, str)}
    attributes = {f"xmlns:{prefix}": namespace for namespace, prefix in prefixes.items()} | named_values
    # For an attribute with an invalid name, `_qualify_name` returned an empty string as the key.
    attributes.pop("", None)
    return nested(name, get_text(element, "text"), map(_format_element, get_maps(element, "children")), **attributes)


def _qualify_name(name: str, prefixes: dict[str, str]) -> str:
    """Convert `{namespace}name` to `prefix:name`, and add a prefix for the namespace to `prefixes`.

    A valid name in another form is returned unchanged. Returns an empty string for an invalid name, for a name with an
    unknown prefix, and for a name in the namespace of blogcli.
    """
    match = _NAME.fullmatch(name)
    if match is None or OWN in (match["namespace"], NAMESPACES.get(match["prefix"] or "wp", OWN)):
        return ""
    if match["namespace"] is None:
        return name
    prefix = "xml" if match["namespace"] == XML else prefixes.setdefault(match["namespace"], f"n{len(prefixes)}")
    return f"{prefix}:{match['local']}"


def _is_well_formed(xml: str) -> bool:
    # `_NAME` accepts some letters that XML does not allow in names, so the XML parser must check the names.
    try:
        parse_element(xml)
    except InvalidError:
        return False
    return True
