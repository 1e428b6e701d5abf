"""The blog that a feed is of, and the addresses of what stands on it."""

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

# All that may stand in an address as it is, and what is percent-encoded already. Source: RFC 3986, section 2.
_KEPT = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class Site:
    """The blog's title and address, which does not end with a slash, and the moment that is now."""

    title: str
    url: str
    now: datetime

    @classmethod
    def of(cls, options: WriteOptions) -> Self:
        """The blog that the options name, its address in ASCII; UsageError where that is none."""
        url = uri(without_unwritable(options.url)).rstrip("/")
        # The address of a post is this one and more.
        if not _is_web_address(url) or "?" in url or "#" in url:
            raise UsageError(
                f"Not the address of a blog: {options.url!r}", hint="Give one such as https://example.org."
            )
        title = without_unwritable(options.title)
        if not title.strip():
            raise UsageError("A feed needs a title", hint="Give one with --title.")
        return cls(title, url, options.now)

    @property
    def home(self) -> str:
        """Where the blog is to be read."""
        return f"{self.url}/"

    def page(self, slug: str) -> str:
        """Where a post is to be read."""
        return f"{self.url}/{quote(slug, safe='~')}/"

    def whole(self, text: str) -> str:
        """A text in which nothing stands for the address of the blog but itself."""
        return text.replace(GHOST_URL, self.url)

    def absolute(self, address: str) -> str | None:
        """A web address that may have been relative to the blog; None for any other."""
        try:
            whole = uri(urljoin(self.home, address))
        except ValueError:
            return None
        return whole if _is_web_address(whole) else None


def uri(iri: str) -> str:
    """The address in ASCII: the host in Punycode, everything else percent-encoded. Source: RFC 3987, section 3.1."""
    with suppress(ValueError):
        parts = urlsplit(iri)
        iri = parts._replace(netloc=_ascii_host(parts)).geturl()
    return quote(iri, safe=_KEPT)


def _is_web_address(url: str) -> bool:
    try:
        # What has to be able to resolve addresses that are relative to it.
        nh3.clean("", url_relative=("rewrite_with_base", url))
        return urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return False


def _ascii_host(parts: SplitResult) -> str:
    before, at, host = parts.netloc.rpartition("@")
    name, colon, port = host.partition(":")
    if name.isascii():
        return parts.netloc
    return f"{before}{at}{_ascii_name(name)}{colon}{port}"


def _ascii_name(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        # IDNA 2008 allows no symbols, but domains with symbols exist, and browsers resolve them.
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
