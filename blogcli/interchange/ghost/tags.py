"""Convert the tags of Ghost exports to records."""

from ...errors import InvalidError
from ..notes import OnNote
from ..records import TagRecord
from .unsupported_fields import note_unsupported_fields
from .values import as_text


def read_tag(row: object, on_note: OnNote) -> TagRecord:
    """Convert a row of `tags` to a tag, and add a note about columns that are not imported.

    Raises InvalidError for a row without a name.
    """
    name = read_tag_name(row)
    if name is None or not isinstance(row, dict):
        raise InvalidError("Not a tag: it has no name")
    note_unsupported_fields(f"the tag {name}", row, on_note)
    return TagRecord(name=name)


def read_tag_name(row: object) -> str | None:
    """Return the name of a tag, or None if it has no name. A tag is an object with a name, or just the name."""
    return as_text(row.get("name") if isinstance(row, dict) else row)
