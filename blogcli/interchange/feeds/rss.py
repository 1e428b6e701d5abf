"""RSS 2.0, with the whole content and the author's name as the modules `content` and `dc` have them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from ..xml_text import element, lines
from .articles import Article, Latest
from .site import Site

_START = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
"""


def write(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """A channel of the articles."""
    yield _START + lines(_of_site(site), indent=4)
    latest = Latest()
    for article in latest.noted(articles):
        yield f"    <item>\n{lines(_of_article(article), indent=6)}    </item>\n"
    # The specification asks for no order.
    changed = [element("lastBuildDate", _rfc_822(latest.moment))] if latest.moment else []
    yield lines(changed, indent=4) + "  </channel>\n</rss>\n"


def _of_site(site: Site) -> list[str]:
    return [
        element("title", site.title),
        element("link", site.home),
        # Every channel has one, and nothing more is known of the blog.
        element("description", site.title),
        element("generator", "blogcli"),
    ]


def _of_article(article: Article) -> list[str | None]:
    return [
        element("title", article.title),
        article.url and element("link", article.url),
        element("guid", article.id, isPermaLink="false"),
        element("pubDate", _rfc_822(article.published)),
        # The element `author` would be an address.
        article.author and element("dc:creator", article.author),
        *(element("category", tag) for tag in article.tags),
        # A description is HTML, and a summary plain text.
        article.summary and element("description", escape(article.summary, quote=False)),
        element("content:encoded", article.html),
    ]


def _rfc_822(instant: datetime) -> str:
    # In UTC, with years of four digits.
    return format_datetime(instant.astimezone(UTC), usegmt=True)
