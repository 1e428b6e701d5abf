"""Types and helpers for the items that tests read from Markdown files."""

from collections.abc import Callable
from typing import TypeAlias

from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord

# The type of the fixture `read_site`, which is a function that writes files and returns the item of each file by name.
ReadSite: TypeAlias = Callable[..., dict[str, ImportedItem]]
# The type of the fixture `read_file`, which is a function that writes one file and returns the item of the file.
ReadFile: TypeAlias = Callable[[str, str], ImportedItem]


def post_of(item: ImportedItem) -> PostRecord:
    assert item.post
    return item.post


def codes_of(item: ImportedItem) -> list[NoteCode]:
    return [note.code for note in item.notes]
