"""Convert the tags in Ghost exports to tag records."""

from ...errors import InvalidError
from ..notes import OnNote
from ..records import TagRecord
from .unsupported_fields import note_unsupported_fields
from .values import as_text


def read_tag(row: object, on_note: OnNote) -> TagRecord:
    """Convert a row of the table `tags` to a tag record, and add a note about columns that are not imported.

    Raises InvalidError if the row contains no name.
    """
    name = read_tag_name(row)
    if name is None or not isinstance(row, dict):
        raise InvalidError("Not a tag: it has no name")
    note_unsupported_fields(f"the tag {name}", row, on_note)
    return TagRecord(name=name)


def read_tag_name(row: object) -> str | None:
    """Return the name of a tag. The tag may be a JSON object with a name, or the name itself.

    Returns None for any other value.
    """
    return as_text(row.get("name") if isinstance(row, dict) else row)
