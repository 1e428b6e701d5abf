"""Write feeds in the format JSON Feed 1.1."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ...dates import rfc_3339
from .articles import Article
from .site import Site

_VERSION = "https://jsonfeed.org/version/1.1"


def write(articles: Iterable[Article], site: Site) -> Iterator[str]:
    """Yield the parts of a JSON feed in order, with one article per line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    start = encode({"version": _VERSION, "title": site.title, "home_page_url": site.home})
    yield f'{start.removesuffix("}")}, "items": ['
    separator = "\n"
    for article in articles:
        yield f"{separator}{encode(_make_item(article))}"
        separator = ",\n"
    yield "\n]}\n"


def _make_item(article: Article) -> dict[str, Any]:
    item = {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "content_html": article.html,
        "summary": article.summary,
        "image": article.image,
        "date_published": rfc_3339(article.published),
        "date_modified": rfc_3339(article.updated),
        "authors": [{"name": article.author}] if article.author else None,
        "tags": article.tags or None,
    }
    return {name: value for name, value in item.items() if value is not None}
