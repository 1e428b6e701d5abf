"""What tests of Markdown folders ask of the entries that were read."""

from collections.abc import Callable
from typing import TypeAlias

from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord

# Makes files of the given names and texts, and reads them.
Blog: TypeAlias = Callable[..., dict[str, ImportedItem]]


def post_of(entry: ImportedItem) -> PostRecord:
    assert entry.post
    return entry.post


def codes_of(entry: ImportedItem) -> list[NoteCode]:
    return [note.code for note in entry.notes]
