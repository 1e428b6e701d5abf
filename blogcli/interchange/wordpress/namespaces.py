"""The namespaces of WXR and the prefixes that WordPress gives them."""

from functools import lru_cache
from typing import Final

OWN: Final = "urn:blogcli:export:1"
NAMESPACES: Final = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
    "blogcli": OWN,
}
# The prefix of this one needs no declaration, and may have no other.
XML: Final = "http://www.w3.org/XML/1998/namespace"
DECLARATIONS: Final = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


@lru_cache(maxsize=1_024)
def prefixed(name: str) -> str:
    """The name that a parser gives as namespace, blank and name, with the prefix or {namespace}."""
    namespace, _, local = name.rpartition(" ")
    if not namespace:
        return name
    family = namespace.removeprefix("https://").removeprefix("http://")
    if family.startswith("wordpress.org/export/"):
        return f"excerpt:{local}" if "/excerpt" in family else f"wp:{local}"
    if family.startswith("purl.org/rss/1.0/modules/content"):
        return f"content:{local}"
    if family.startswith("purl.org/dc/elements/"):
        return f"dc:{local}"
    return f"{{{namespace}}}{local}"
