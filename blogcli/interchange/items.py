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
    """The options of readers; a date without an offset is in the time zone `zone`."""

    zone: tzinfo
    now: datetime
    # The name of the blog, which distinguishes files with the same path in two blogs.
    site: str | None = None
    keep_html: bool = False
    is_lenient: bool = False


@dataclass(frozen=True)
class RawItem:
    """A part of a source that can be read independently of other parts, also in another process."""

    source: str
    position: int | None
    content: Any
    # The approximate size of the content in bytes, which limits the number of items in memory.
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportedItem:
    """The users and tags, the post and the notes that a reader has made from an item."""

    source: str
    position: int | None = None
    people: tuple[UserRecord, ...] = ()
    tags: tuple[TagRecord, ...] = ()
    post: PostRecord | None = None
    notes: tuple[Note, ...] = ()
    # The digest of the post, which changes with any of its values, and its number of words.
    digest: str = ""
    words: int = 0
    # The rows of the post in the search index; the ids in them are not set yet.
    documents: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True)
class Scan:
    """The number of items in sources, and the items."""

    total: int
    items: Iterator[RawItem]


@dataclass(frozen=True)
class WriteOptions:
    """The options of writers, each used by some formats."""

    now: datetime
    # The title and the URL of the blog.
    title: str = "Blog"
    url: str = "https://blog.invalid"
    # The site generator that Markdown files are written for.
    flavor: Flavor = Flavor.PLAIN
    # The kind of feed to write.
    feed: FeedKind = FeedKind.ATOM
