"""Write feeds of published posts in the format Atom, RSS or JSON Feed."""

from collections.abc import Iterable, Iterator

from ...enums import FeedKind
from ..items import WriteOptions
from ..records import Record
from . import atom, json_feed, rss
from .articles import select_articles
from .site import Site

_WRITERS = {FeedKind.ATOM: atom.write, FeedKind.RSS: rss.write, FeedKind.JSON: json_feed.write}


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """Yield the parts of a feed. The feed contains the published posts in the order of the records."""
    site = Site.of(options)
    return _WRITERS[options.feed](select_articles(records, site), site)
