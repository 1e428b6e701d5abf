"""The title and the URLs of the blog in a feed."""

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

# The characters of a URL that are not percent-encoded. The percent sign is one of them, because it may already be the
# start of an encoded character. Source: RFC 3986, section 2.
_SAFE_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class Site:
    """The title of a blog, its URL without a slash at the end, and the current time."""

    title: str
    url: str
    now: datetime

    @classmethod
    def of(cls, options: WriteOptions) -> Self:
        """Return the blog that options describe, with its URL in ASCII.

        Raises UsageError if the URL is not valid or the title is blank.
        """
        url = to_ascii(without_unwritable(options.url)).rstrip("/")
        # The URL of a post is this URL followed by a path.
        if not _is_http_url(url) or "?" in url or "#" in url:
            raise UsageError(f"Invalid blog URL: {options.url!r}", hint="Use a URL such as https://example.org.")
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

    def replace_placeholder(self, text: str) -> str:
        """Return a text in which the placeholder that Ghost writes is replaced by the URL of the blog."""
        return text.replace(GHOST_URL, self.url)

    def absolute(self, address: str) -> str | None:
        """Return an absolute URL for a URL that may be relative to the blog, or None if it is not an HTTP URL."""
        try:
            url = to_ascii(urljoin(self.home, address))
        except ValueError:
            return None
        return url if _is_http_url(url) else None


def to_ascii(url: str) -> str:
    """Return a URL in ASCII, with the host in Punycode and everything else percent-encoded (RFC 3987, section 3.1)."""
    with suppress(ValueError):
        parts = urlsplit(url)
        url = parts._replace(netloc=_encode_host(parts)).geturl()
    return quote(url, safe=_SAFE_CHARACTERS)


def _is_http_url(url: str) -> bool:
    try:
        # The URL must be valid for nh3 as well, which resolves relative URLs with it and otherwise raises ValueError.
        nh3.clean("", url_relative=("rewrite_with_base", url))
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _encode_host(parts: SplitResult) -> str:
    user_info, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":")
    if name.isascii():
        return parts.netloc
    return f"{user_info}{at}{_encode_domain(name)}{colon}{port}"


def _encode_domain(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        # IDNA 2008 allows no symbols, but domains with symbols exist, and browsers resolve them.
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
