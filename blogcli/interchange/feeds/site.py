"""The title and the URLs of a blog, in the form that feeds require."""

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

# The punctuation characters that are not percent-encoded in URLs. The percent sign is not encoded, because a URL may
# contain characters that are already percent-encoded. Source: RFC 3986, section 2.
_SAFE_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True)
class Site:
    """The title of a blog, the URL of the blog without a slash at the end, and the current time."""

    title: str
    url: str
    now: datetime

    @classmethod
    def of(cls, options: WriteOptions) -> Self:
        """Return a `Site` with the title, the URL and the time in `options`. The URL is converted to ASCII.

        Raises UsageError if the URL is invalid or the title is blank.
        """
        url = to_ascii(without_unwritable(options.url)).rstrip("/")
        # A path is appended to the URL of the blog to form the URL of a post, so the URL of the blog must not contain a
        # query or a fragment.
        if not _is_http_url(url) or "?" in url or "#" in url:
            raise UsageError(f"Invalid blog URL: {options.url!r}", hint="Use a URL such as https://example.org.")
        title = without_unwritable(options.title)
        if not title.strip():
            raise UsageError("A feed needs a title", hint="Use --title to give one.")
        return cls(title, url, options.now)

    @property
    def home(self) -> str:
        """The URL of the home page of the blog."""
        return f"{self.url}/"

    def page(self, slug: str) -> str:
        """Return the URL of the post whose slug is `slug`."""
        return f"{self.url}/{quote(slug, safe='~')}/"

    def replace_placeholder(self, text: str) -> str:
        """Return the text with each placeholder `GHOST_URL` replaced by the URL of the blog."""
        return text.replace(GHOST_URL, self.url)

    def absolute(self, address: str) -> str | None:
        """Return `address` as an absolute URL, or None if the result is not an HTTP or HTTPS URL.

        `address` may be relative to the home page of the blog.
        """
        try:
            url = to_ascii(urljoin(self.home, address))
        except ValueError:
            return None
        return url if _is_http_url(url) else None


def to_ascii(url: str) -> str:
    """Return a URL in ASCII, as defined in RFC 3987, section 3.1.

    The host is encoded in Punycode. Non-ASCII characters in other parts of the URL are percent-encoded.
    """
    with suppress(ValueError):
        parts = urlsplit(url)
        url = parts._replace(netloc=_encode_host(parts)).geturl()
    return quote(url, safe=_SAFE_CHARACTERS)


def _is_http_url(url: str) -> bool:
    try:
        # nh3 later uses the URL of the blog as the base of relative URLs in articles. For some URLs that `urlsplit`
        # accepts, nh3 raises ValueError, so the URL is tested with nh3 as well.
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
        # IDNA 2008 allows no symbols in domain names, but domain names with symbols exist, and browsers resolve them.
        # The labels are therefore encoded without checking whether IDNA 2008 allows their characters.
        labels = idna.uts46_remap(name, std3_rules=False).split(".")
        return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)
