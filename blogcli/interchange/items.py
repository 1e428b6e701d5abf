"""What passes between the readers of formats and whoever wants the records: items, entries, notes.

Without slots, like the records: with them they take twice as long on the way from one process to another.
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
    """How sources are to be read; a date without an offset is local to `zone`."""

    zone: tzinfo
    now: datetime
    # What tells equal paths of two blogs apart.
    site: str | None = None
    keep_html: bool = False
    is_lenient: bool = False


@dataclass(frozen=True)
class RawItem:
    """A piece of a source that can be read by itself, in another process too."""

    source: str
    position: int | None
    content: Any
    # Of its content, in bytes, about: how many items are held at a time depends on it.
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportedItem:
    """What an item says: people and tags, at the most one post, and what there is to report."""

    source: str
    position: int | None = None
    people: tuple[UserRecord, ...] = ()
    tags: tuple[TagRecord, ...] = ()
    post: PostRecord | None = None
    notes: tuple[Note, ...] = ()
    # Of the post: what tells it from an older state of itself, and the number of its words.
    digest: str = ""
    words: int = 0
    # The rows of the post in the index of a search, with any id.
    documents: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True)
class Scan:
    """What sources hold: how many items, and one after the other."""

    total: int
    items: Iterator[RawItem]


@dataclass(frozen=True)
class WriteOptions:
    """What formats need to know that no record says."""

    now: datetime
    # The title and the address of the blog, which feeds and other systems show.
    title: str = "Blog"
    url: str = "https://blog.invalid"
    # The site generator that Markdown files are written for.
    flavor: Flavor = Flavor.PLAIN
    # The kind of feed to write.
    feed: FeedKind = FeedKind.ATOM
