"""The elements that WordPress itself does not write, as they were: `elements` of `fields`."""

import re
from collections.abc import Iterator
from typing import Any, Final

from ...errors import InvalidError
from ..xml_text import nested
from .extra_fields import TAKEN
from .extra_names import Kept, maps_in, text_in
from .namespaces import NAMESPACES, OWN, XML
from .xml_reader import element_of

_NAME: Final = re.compile(r"(?:(?P<prefix>[a-z]+):|\{(?P<namespace>[^{}]+)\})?(?P<local>[^\W\d][\w.-]*)")


def elements_to_write(kept: Kept) -> Iterator[str]:
    """The elements that are kept, but for those whose names no XML can have, or that say again what a post says."""
    for each in maps_in(kept, "elements"):
        if text_in(each, "name") not in TAKEN and (written := _element(each)) and _is_xml(written):
            yield written


def _element(told: Kept) -> str:
    declared: dict[str, str] = {}
    name = _qualified(text_in(told, "name"), declared)
    found: Any = told.get("attributes")
    values = found if isinstance(found, dict) else {}
    named = {_qualified(each, declared): value for each, value in values.items() if isinstance(value, str)}
    attributes = {f"xmlns:{prefix}": uri for uri, prefix in declared.items()} | named
    attributes.pop("", None)
    return nested(name, text_in(told, "text"), map(_element, maps_in(told, "children")), **attributes) if name else ""


def _qualified(name: str, declared: dict[str, str]) -> str:
    """The name with a prefix, which is declared if need be; empty where it is no name."""
    found = _NAME.fullmatch(name)
    if found is None or OWN in (found["namespace"], NAMESPACES.get(found["prefix"] or "wp", OWN)):
        return ""
    if found["namespace"] is None:
        return name
    prefix = "xml" if found["namespace"] == XML else declared.setdefault(found["namespace"], f"n{len(declared)}")
    return f"{prefix}:{found['local']}"


def _is_xml(text: str) -> bool:
    # Which letters a name may have, only the parser knows.
    try:
        element_of(text)
    except InvalidError:
        return False
    return True
