"""The XML namespaces of WXR files and the prefixes of these namespaces."""

from functools import lru_cache
from typing import Final

# The namespace of the elements in which blogcli embeds its own records.
OWN: Final = "urn:blogcli:export:1"
NAMESPACES: Final = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
    "blogcli": OWN,
}
# XML declares the prefix "xml" for this namespace, and forbids any other prefix for the namespace.
XML: Final = "http://www.w3.org/XML/1998/namespace"
DECLARATIONS: Final = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


@lru_cache(maxsize=1_024)
def prefix_name(name: str) -> str:
    """Convert a name as expat reports it, `namespace local-name`, to `prefix:local-name`.

    The scheme (http or https) and the version in a namespace are ignored. A name in an unknown namespace is converted
    to `{namespace}local-name`. A name without a namespace is returned unchanged.
    """
    namespace, _, local = name.rpartition(" ")
    if not namespace:
        return name
    address = namespace.removeprefix("https://").removeprefix("http://")
    if address.startswith("wordpress.org/export/"):
        return f"excerpt:{local}" if "/excerpt" in address else f"wp:{local}"
    if address.startswith("purl.org/rss/1.0/modules/content"):
        return f"content:{local}"
    if address.startswith("purl.org/dc/elements/"):
        return f"dc:{local}"
    return f"{{{namespace}}}{local}"
