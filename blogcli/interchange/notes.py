"""Notes about what an import changed, skipped or inferred."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NoteCode(StrEnum):
    """The kinds of notes. Each value is the name of a kind in the report of an import."""

    UNREADABLE = "unreadable"
    CONFLICT = "conflict"
    NOT_IMPORTED = "not_imported"
    NOT_PUBLIC = "not_public"
    STATUS_INFERRED = "status_inferred"
    DATE_INFERRED = "date_inferred"
    TITLE_INFERRED = "title_inferred"
    TITLE_TRUNCATED = "title_truncated"
    SLUG_CHANGED = "slug_changed"
    SLUG_TAKEN = "slug_taken"
    TAG_CHANGED = "tag_changed"
    TAG_MERGED = "tag_merged"
    AUTHOR_INFERRED = "author_inferred"
    AUTHOR_CREATED = "author_created"
    USER_CHANGED = "user_changed"
    USER_UNCHANGED = "user_unchanged"
    CONTENT_CONVERTED = "content_converted"
    CONTENT_LOSSY = "content_lossy"
    CHARACTER_REMOVED = "character_removed"
    VALUE_CHANGED = "value_changed"
    FIELD_PRESERVED = "field_preserved"
    XML_REPAIRED = "xml_repaired"
    DUPLICATE_UUID = "duplicate_uuid"


@dataclass(frozen=True)
class Note:
    """A message about a value that an import has changed, skipped or inferred, with the source of the value.

    Depending on the format, `position` is the number of a line or of a record. `position` is None if the note is about
    a whole file.
    """

    source: str
    position: int | None
    code: NoteCode
    message: str
    # If the note is about skipped records, `kind` is a singular noun for such a record, for example "menu item", and
    # `count` is the number of skipped records.
    kind: str = ""
    count: int = 1

    @property
    def is_failure(self) -> bool:
        """Return whether the note reports a record that could not be read."""
        return self.code is NoteCode.UNREADABLE

    @property
    def is_conflict(self) -> bool:
        """Return whether the note reports a conflict: an existing post was edited in blogcli or was never imported."""
        return self.code is NoteCode.CONFLICT


@dataclass(frozen=True)
class Omission:
    """The reason why a part of a source is not imported as a post.

    `kind` is a singular noun for the part, such as "page".
    """

    kind: str
    reason: str


class OnNote(Protocol):
    """The type of a callback that adds a note about the item that a reader is reading."""

    def __call__(self, code: NoteCode, message: str, /, *, kind: str = "", count: int = 1) -> None:
        """Add a note."""
        ...


class ItemNotes:
    """The notes about one item of a source."""

    def __init__(self, source: str, position: int | None) -> None:
        self._source = source
        self._position = position
        self._notes: list[Note] = []

    def add(self, code: NoteCode, message: str, /, *, kind: str = "", count: int = 1) -> None:
        """Add a note about the item."""
        self._notes.append(Note(self._source, self._position, code, message, kind, count))

    def all(self) -> tuple[Note, ...]:
        """Return the notes in the order in which they were added."""
        return tuple(self._notes)


def ignore_note(code: NoteCode, message: str, /, *, kind: str = "", count: int = 1) -> None:
    """Discard a note. This function can be used as an `OnNote` callback."""
