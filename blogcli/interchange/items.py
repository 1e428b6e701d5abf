"""The types of the arguments and the results of readers and writers.

The classes do not use `__slots__`. Instances are pickled to send them to other processes, and pickling instances with
slots takes twice as long.
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
    """The options of readers.

    `zone` is the time zone of dates without an offset from UTC.
    """

    zone: tzinfo
    now: datetime
    # The name of the blog. It distinguishes two files that have the same path in different blogs.
    site: str | None = None
    keep_html: bool = False
    is_lenient: bool = False


@dataclass(frozen=True)
class RawItem:
    """A part of a source. A reader converts each part independently of the others, possibly in another process."""

    source: str
    position: int | None
    content: Any
    # The approximate size of `content` in bytes. The pipeline limits the total size of the items in memory.
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportedItem:
    """The users, the tags, the post and the notes that a reader has created from a `RawItem`."""

    source: str
    position: int | None = None
    people: tuple[UserRecord, ...] = ()
    tags: tuple[TagRecord, ...] = ()
    post: PostRecord | None = None
    notes: tuple[Note, ...] = ()
    # A hash of all values of the post, or an empty string if the item contains no post.
    digest: str = ""
    # The number of words in the content of the post.
    words: int = 0
    # The rows of the post for the search index. The rows do not contain the id of the post yet.
    documents: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True)
class Scan:
    """An iterator over the items of all sources, with the total number of items."""

    total: int
    items: Iterator[RawItem]


@dataclass(frozen=True)
class WriteOptions:
    """The options of writers. The writer of each format uses only some of these options."""

    now: datetime
    # The title and the URL of the blog.
    title: str = "Blog"
    url: str = "https://blog.invalid"
    # The site generator for which Markdown files are written.
    flavor: Flavor = Flavor.PLAIN
    # The kind of feed to write.
    feed: FeedKind = FeedKind.ATOM
