"""Write feeds in the format RSS 2.0.

The content of an article is in an element of the RSS module `content`, and the author in an element of the module `dc`.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from ..xml_text import element, lines
from .articles import Article, LatestUpdate
from .site import Site

_START = """\
<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel>
"""


def write(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """Yield the parts of an RSS feed in order."""
    yield _START + lines(_make_site_elements(site), indent=4)
    latest = LatestUpdate()
    for article in latest.track(articles):
        yield f"    <item>\n{lines(_make_article_elements(article), indent=6)}    </item>\n"
    # The time of the latest update is known only after the last article, so `lastBuildDate` is the last element. RSS
    # allows the elements of a channel in any order.
    build_date = [element("lastBuildDate", _format_rfc_822(latest.time))] if latest.time else []
    yield lines(build_date, indent=4) + "  </channel>\n</rss>\n"


def _make_site_elements(site: Site) -> list[str]:
    return [
        element("title", site.title),
        element("link", site.home),
        # RSS requires a description of the blog, but the title is the only text about the blog that is known.
        element("description", site.title),
        element("generator", "blogcli"),
    ]


def _make_article_elements(article: Article) -> list[str | None]:
    return [
        element("title", article.title),
        article.url and element("link", article.url),
        element("guid", article.id, isPermaLink="false"),
        element("pubDate", _format_rfc_822(article.published)),
        # The author is written as `dc:creator`, because the element `author` of RSS must contain an e-mail address.
        article.author and element("dc:creator", article.author),
        *(element("category", tag) for tag in article.tags),
        # The summary is plain text, but feed readers interpret `description` as HTML, so the summary is escaped.
        article.summary and element("description", escape(article.summary, quote=False)),
        element("content:encoded", article.html),
    ]


def _format_rfc_822(instant: datetime) -> str:
    # RFC 822 defines years with two digits, but RSS recommends years with four digits. `format_datetime` writes years
    # with four digits.
    return format_datetime(instant.astimezone(UTC), usegmt=True)
