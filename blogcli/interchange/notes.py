"""Notes about what an import changed, skipped or inferred."""

from dataclasses import dataclass
from enum import StrEnum


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
