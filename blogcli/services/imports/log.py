"""Record what an import changed, skipped or inferred."""

from collections.abc import Callable

from ...interchange.items import ImportedItem
from ...interchange.notes import Note, NoteCode


class Notebook:
    """Where everything is noted that is changed, left out or guessed."""

    def __init__(self, noted: Callable[[Note], None]) -> None:
        self.noted = noted
        self.failures = 0
        self._made = set[str]()

    def copy(self, entry: ImportedItem) -> None:
        """Take over what the reader noted; that somebody was made, once, however many posts are theirs."""
        for note in entry.notes:
            if note.code is NoteCode.AUTHOR_CREATED:
                if note.message in self._made:
                    continue
                self._made.add(note.message)
            self.noted(note)
            self.failures += note.is_failure

    def note(self, entry: ImportedItem, code: NoteCode, text: str) -> None:
        """Note something about an entry."""
        self.noted(Note(entry.source, entry.position, code, text))
