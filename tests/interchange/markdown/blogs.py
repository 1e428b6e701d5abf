"""What tests of Markdown folders ask of the entries that were read."""

from collections.abc import Callable
from typing import TypeAlias

from blogcli.interchange.entries import Entry, NoteCode
from blogcli.interchange.record import PostRecord

# Makes files of the given names and texts, and reads them.
Blog: TypeAlias = Callable[..., dict[str, Entry]]


def post_of(entry: Entry) -> PostRecord:
    assert entry.post
    return entry.post


def codes_of(entry: Entry) -> list[NoteCode]:
    return [note.code for note in entry.notes]
