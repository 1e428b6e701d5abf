"""Write RSS 2.0 feeds, with the content and the author in elements of the RSS modules `content` and `dc`."""

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
    """Yield the parts of a feed in order."""
    yield _START + lines(_make_site_elements(site), indent=4)
    latest = LatestUpdate()
    for article in latest.track(articles):
        yield f"    <item>\n{lines(_make_article_elements(article), indent=6)}    </item>\n"
    # The elements of a channel may have any order.
    build_date = [element("lastBuildDate", _format_rfc_822(latest.time))] if latest.time else []
    yield lines(build_date, indent=4) + "  </channel>\n</rss>\n"


def _make_site_elements(site: Site) -> list[str]:
    return [
        element("title", site.title),
        element("link", site.home),
        # The element is required, and the title is the only known description of the blog.
        element("description", site.title),
        element("generator", "blogcli"),
    ]


def _make_article_elements(article: Article) -> list[str | None]:
    return [
        element("title", article.title),
        article.url and element("link", article.url),
        element("guid", article.id, isPermaLink="false"),
        element("pubDate", _format_rfc_822(article.published)),
        # The element `author` is not used, because it must contain an e-mail address.
        article.author and element("dc:creator", article.author),
        *(element("category", tag) for tag in article.tags),
        # The element contains HTML, but the summary is plain text.
        article.summary and element("description", escape(article.summary, quote=False)),
        element("content:encoded", article.html),
    ]


def _format_rfc_822(instant: datetime) -> str:
    # RFC 822 defines years with two digits, but RSS recommends four.
    return format_datetime(instant.astimezone(UTC), usegmt=True)
