"""Notes about what an import changed, skipped or inferred."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class NoteCode(StrEnum):
    """What a line of the report is about."""

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
    """A statement that something was changed, skipped or inferred, with its position in the source.

    The position is the number of a line or of a record, depending on the format. It is None for a note that is about a
    whole file.
    """

    source: str
    position: int | None
    code: NoteCode
    message: str

    @property
    def is_failure(self) -> bool:
        """Whether a record was not taken that should have been."""
        return self.code is NoteCode.UNREADABLE

    @property
    def is_conflict(self) -> bool:
        """Whether a post that is here was edited here and in its source."""
        return self.code is NoteCode.CONFLICT


# A function that receives each note of a record: its code and its text.
OnNote: TypeAlias = Callable[[NoteCode, str], None]


def ignore_note(code: NoteCode, text: str) -> None:
    """Discard a note."""
