"""What passes between the readers of formats and whoever wants the records: items, entries, notes.

Without slots, like the records: with them they take twice as long on the way from one process to another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from .record import PostRecord, TagRecord, UserRecord


class NoteCode(StrEnum):
    """What a line of the report is about."""

    UNREADABLE = "unreadable"
    CONFLICT = "conflict"
    NOT_IMPORTED = "not_imported"
    NOT_PUBLIC = "not_public"
    STATUS_GUESSED = "status_guessed"
    DATE_GUESSED = "date_guessed"
    TITLE_GUESSED = "title_guessed"
    TITLE_CUT = "title_cut"
    SLUG_CHANGED = "slug_changed"
    SLUG_TAKEN = "slug_taken"
    TAG_CHANGED = "tag_changed"
    TAG_FOLDED = "tag_folded"
    AUTHOR_GUESSED = "author_guessed"
    AUTHOR_MADE = "author_made"
    USER_CHANGED = "user_changed"
    USER_KEPT = "user_kept"
    BODY_CONVERTED = "body_converted"
    BODY_INCOMPLETE = "body_incomplete"
    CHARACTER_DROPPED = "character_dropped"
    VALUE_CHANGED = "value_changed"
    FIELD_KEPT = "field_kept"
    MARKUP_MENDED = "markup_mended"
    UUID_REPEATED = "uuid_repeated"


@dataclass(frozen=True)
class Note:
    """What was changed, left out or guessed, and where: `place` is a line of the source or the number of an item."""

    source: str
    place: int | None
    code: NoteCode
    text: str

    @property
    def is_failure(self) -> bool:
        """Whether a record was not taken that should have been."""
        return self.code is NoteCode.UNREADABLE

    @property
    def is_conflict(self) -> bool:
        """Whether a post that is here was edited here and in its source."""
        return self.code is NoteCode.CONFLICT


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
class Item:
    """A piece of a source that can be read by itself, in another process too."""

    source: str
    place: int | None
    content: Any
    # Of its content, in bytes, about: how many items are held at a time depends on it.
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an item says: people and tags, at the most one post, and what there is to report."""

    source: str
    place: int | None = None
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
class Survey:
    """What sources hold: how many items, and one after the other."""

    total: int
    items: Iterator[Item]


@dataclass(frozen=True)
class WriteOptions:
    """What formats need to know that no record says."""

    now: datetime
    # Of the blog, for readers of feeds and other systems.
    title: str = "Blog"
    url: str = "https://blog.invalid"
