"""Feeds: what is published, as readers of feeds and other programs subscribe to it; written only."""

from collections.abc import Iterable, Iterator

from ...enums import FeedKind
from ..entries import WriteOptions
from ..record import Record
from . import atom, json_feed, rss
from .articles import articles
from .site import Site

_WRITERS = {FeedKind.ATOM: atom.write, FeedKind.RSS: rss.write, FeedKind.JSON: json_feed.write}


def write(records: Iterable[Record], options: WriteOptions, *, kind: FeedKind) -> Iterator[str]:
    """The posts that are published by now, in the order in which they come, as a feed of that kind."""
    site = Site.of(options)
    return _WRITERS[kind](articles(records, site), site)
