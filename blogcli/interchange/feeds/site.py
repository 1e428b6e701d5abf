"""The blog of a feed and the URLs of its pages."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna
import nh3

from ...errors import UsageError
from ..content_format import GHOST_URL
from ..items import WriteOptions
from ..xml_text import without_unwritable

# The characters of a URL that are not percent-encoded, including the percent sign. Source: RFC 3986, section 2.
_SAFE = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class Site:
    """The title of a blog, its URL without a slash at the end, and the current time."""

    title: str
    url: str
    now: datetime

    @classmethod
    def of(cls, options: WriteOptions) -> Self:
        """Return the blog that options describe, with its URL in ASCII; raise UsageError if the URL is not valid."""
        url = uri(without_unwritable(options.url)).rstrip("/")
        # The URL of a post is this URL followed by a path.
        if not _is_web_address(url) or "?" in url or "#" in url:
            raise UsageError(f"Invalid URL of a blog: {options.url!r}", hint="Use a URL such as https://example.org.")
        title = without_unwritable(options.title)
        if not title.strip():
            raise UsageError("A feed needs a title", hint="Use --title to give one.")
        return cls(title, url, options.now)

    @property
    def home(self) -> str:
        """The URL of the home page."""
        return f"{self.url}/"

    def page(self, slug: str) -> str:
        """Return the URL of a post."""
        return f"{self.url}/{quote(slug, safe='~')}/"

    def whole(self, text: str) -> str:
        """Return a text with the URL of the blog instead of the placeholder that Ghost writes."""
        return text.replace(GHOST_URL, self.url)

    def absolute(self, address: str) -> str | None:
        """Return a URL, which may be relative to the blog, as an absolute URL; None if it is not an HTTP URL."""
        try:
            whole = uri(urljoin(self.home, address))
        except ValueError:
            return None
        return whole if _is_web_address(whole) else None


def uri(iri: str) -> str:
    """Return a URL in ASCII, with the host in Punycode and everything else percent-encoded (RFC 3987, section 3.1)."""
    with suppress(ValueError):
        parts = urlsplit(iri)
        iri = parts._replace(netloc=_ascii_host(parts)).geturl()
    return quote(iri, safe=_SAFE)


def _is_web_address(url: str) -> bool:
    try:
        # nh3 resolves relative URLs with this URL, and raises ValueError if it cannot.
        nh3.clean("", url_relative=("rewrite_with_base", url))
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _ascii_host(parts: SplitResult) -> str:
    user_info, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":")
    if name.isascii():
        return parts.netloc
    return f"{user_info}{at}{_ascii_name(name)}{colon}{port}"


def _ascii_name(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        # IDNA 2008 allows no symbols, but domains with symbols exist, and browsers resolve them.
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
