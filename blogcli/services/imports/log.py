"""Forward the notes of an import, and count the records that could not be read."""

from collections.abc import Callable

from ...interchange.items import ImportedItem
from ...interchange.notes import Note, NoteCode


class ImportLog:
    """Forwards the notes of one import to a callback. Readers and the services that store posts add these notes."""

    def __init__(self, on_note: Callable[[Note], None]) -> None:
        self.failures = 0
        self._on_note = on_note
        self._created_authors = set[str]()

    def forward_notes(self, item: ImportedItem) -> None:
        """Forward the notes that a reader added to an item.

        If an author has no e-mail address, readers add the same note about the author to each of the author's posts.
        Only the first of these notes is forwarded.
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
