"""Write feeds in the format Atom 1.0 (RFC 4287)."""

from collections.abc import Iterable, Iterator

from ...dates import rfc_3339
from ..xml_text import element, lines
from .articles import Article, LatestUpdate
from .site import Site

_START = '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'


def write(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """Yield the parts of an Atom feed in order.

    The update time of the feed is the latest update time of any article, or the current time if there are no articles.
    """
    yield _START + lines(_make_site_elements(site), indent=2)
    latest = LatestUpdate()
    for article in latest.track(articles):
        yield f"  <entry>\n{lines(_make_article_elements(article), indent=4)}  </entry>\n"
    # The time of the latest update is known only after the last article, so `updated` is the last element. RFC 4287
    # allows the child elements of a feed in any order (section 4.1.1).
    yield lines([element("updated", rfc_3339(latest.time or site.now))], indent=2) + "</feed>\n"


def _make_site_elements(site: Site) -> list[str]:
    return [
        element("id", site.home),
        element("title", site.title, type="text"),
        element("link", rel="alternate", type="text/html", href=site.home),
        # Atom requires an author for each entry. The author of the feed applies to entries that contain no author.
        f"<author>{element('name', site.title)}</author>",
        element("generator", "blogcli"),
    ]


def _make_article_elements(article: Article) -> list[str | None]:
    return [
        element("id", article.id),
        element("title", article.title, type="text"),
        article.url and element("link", rel="alternate", type="text/html", href=article.url),
        element("published", rfc_3339(article.published)),
        element("updated", rfc_3339(article.updated)),
        article.author and f"<author>{element('name', article.author)}</author>",
        *(element("category", term=tag) for tag in article.tags),
        article.summary and element("summary", article.summary, type="text"),
        element("content", article.html, type="html"),
    ]
