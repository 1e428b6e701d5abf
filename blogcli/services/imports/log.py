"""Pass the notes of an import on, and count records that could not be read."""

from collections.abc import Callable

from ...interchange.items import ImportedItem
from ...interchange.notes import Note, NoteCode


class ImportLog:
    """The notes of one import, from readers and from the services that store posts."""

    def __init__(self, on_note: Callable[[Note], None]) -> None:
        self.failures = 0
        self._on_note = on_note
        self._created_authors = set[str]()

    def copy_notes(self, item: ImportedItem) -> None:
        """Pass on the notes of a reader.

        Readers note an author without an address for each of their posts. Only the first of these notes is passed on.
        """
        for note in item.notes:
            if note.code is NoteCode.AUTHOR_CREATED:
                if note.message in self._created_authors:
                    continue
                self._created_authors.add(note.message)
            self._on_note(note)
            self.failures += note.is_failure

    def add(self, item: ImportedItem, code: NoteCode, message: str) -> None:
        """Add a note about an item."""
        self._on_note(Note(item.source, item.position, code, message))
