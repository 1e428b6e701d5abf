"""The types that readers and writers of formats exchange with other code.

The classes have no slots, because instances with slots take twice as long to pass from one process to another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from ..enums import FeedKind, Flavor
from .notes import Note
from .records import PostRecord, TagRecord, UserRecord


@dataclass(frozen=True)
class ReadOptions:
    """The options of readers. Dates without an offset are in the time zone `zone`."""

    zone: tzinfo
    now: datetime
    # The name of the blog, so that files with the same path in two blogs become two posts.
    site: str | None = None
    keep_html: bool = False
    is_lenient: bool = False


@dataclass(frozen=True)
class RawItem:
    """A part of a source that can be read independently of other parts, also in another process."""

    source: str
    position: int | None
    content: Any
    # The approximate size of the content in bytes. It limits the number of items that are in memory at a time.
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportedItem:
    """The users, the tags, the post and the notes that a reader has created from an item."""

    source: str
    position: int | None = None
    people: tuple[UserRecord, ...] = ()
    tags: tuple[TagRecord, ...] = ()
    post: PostRecord | None = None
    notes: tuple[Note, ...] = ()
    # A hash of all values of the post, or an empty text without a post.
    digest: str = ""
    # The number of words in the content of the post.
    words: int = 0
    # The rows of the post in the search index. The ids in the rows are not set yet.
    documents: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True)
class Scan:
    """The items of sources, with their number, which is known before they are read."""

    total: int
    items: Iterator[RawItem]


@dataclass(frozen=True)
class WriteOptions:
    """The options of writers. Each format uses only some of them."""

    now: datetime
    # The title and the URL of the blog.
    title: str = "Blog"
    url: str = "https://blog.invalid"
    # The site generator that Markdown files are written for.
    flavor: Flavor = Flavor.PLAIN
    # The kind of feed to write.
    feed: FeedKind = FeedKind.ATOM
