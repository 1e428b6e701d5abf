"""Write the report of an import to a file, and print conflicts and unreadable records on stderr."""

import json
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from ...cli.atomic_write import read_start, replace_file, write_error
from ...cli.messages import amount
from ...errors import BlogError, ConflictError, InvalidError, UsageError
from .import_summary import NoteCounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...interchange.notes import Note
    from ...interchange.sources import Source
    from ...output.console import Console


# The maximum number of conflicts that are printed on stderr.
_MAX_PRINTED_CONFLICTS = 5
# Every report that is not empty begins with these bytes.
_START = b'{"source": '


class ImportReport:
    """Counts the notes of one import and, if a target file is given, writes the notes to the file as JSON Lines."""

    def __init__(self, console: "Console", target: Path | None, sources: "Sequence[Source]") -> None:
        self.counts = NoteCounts()
        self._console = console
        self._target = target
        self._sources = sources
        self._file: BinaryIO | None = None
        self._stack = ExitStack()
        self._is_empty = True
        self._conflicts: list[Note] = []
        self._conflict_count = 0

    def __enter__(self) -> Self:
        if self._target:
            _check_target(self._target, self._sources)
            self._file = self._stack.enter_context(replace_file(self._target))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The new report replaces an earlier report only if the import was completed, or if the notes of the new report
        # explain why the import was refused.
        is_complete = error is None or (not self._is_empty and isinstance(error, InvalidError | ConflictError))
        try:
            self._stack.__exit__(*((None, None, None) if is_complete else (kind, error, trace)))
        except BlogError as failure:
            # After a failed import, an error of the report is not raised, because it would hide the error of the
            # import.
            if error is None:
                raise BlogError(f"{failure.message}; the import itself is complete") from None

    def add(self, note: "Note") -> None:
        """Count a note and write it to the file of the report.

        Raises BlogError if the note cannot be written to the file. The import is then rolled back.
        """
        self._is_empty = False
        self.counts.add(note)
        if note.is_conflict:
            self._conflict_count += 1
            if self._conflict_count <= _MAX_PRINTED_CONFLICTS:
                self._conflicts.append(note)
        if self._file:
            line = {"source": note.source, "position": note.position, "code": note.code, "message": note.message}
            try:
                self._file.write(f"{json.dumps(line)}\n".encode())
                self._file.flush()
            except OSError as error:
                raise BlogError(f"Cannot write {self._target}: {error.strerror}; nothing was imported") from None
        if note.is_failure:
            self._console.warn(_line(note))

    def show_conflicts(self) -> None:
        """Print the first notes about posts that were also edited in blogcli, and the number of other such posts."""
        for note in self._conflicts:
            self._console.warn(_line(note))
        other_count = self._conflict_count - len(self._conflicts)
        if other_count:
            self._console.warn(f"and {amount(other_count, 'more such post')}")

    def show_details(self) -> None:
        """Print where the notes of the import can be read, unless there are no notes."""
        if self._is_empty:
            return
        self._console.say(f"Details: {self._target}" if self._target else "Use --report FILE for details.")


def skipped_error(skipped: int, *, dry_run: bool) -> ConflictError:
    """Return an error that says how many posts were skipped because they were edited in blogcli."""
    verb = "was" if skipped == 1 else "were"
    others = "the others would be imported" if dry_run else "the others were imported"
    hint = "Use --on-conflict update to overwrite the edits, or --on-conflict skip to keep them and exit with 0."
    return ConflictError(f"{amount(skipped, 'post')} edited in blogcli {verb} skipped; {others}", hint=hint)


def _line(note: "Note") -> str:
    position = "" if note.position is None else f":{note.position}"
    return f"{note.source}{position}: {note.message}"


def _check_target(target: Path, sources: "Sequence[Source]") -> None:
    """Check that the report may be written to `target`.

    Raises UsageError if `target` is stdout, which is reserved for ids, or one of the imported files. Raises
    ConflictError if `target` is an existing file that is not a report.
    """
    try:
        if str(target) == "-" or (target.is_file() and os.path.samestat(target.stat(), os.fstat(1))):
            raise UsageError(
                "A report cannot be written to stdout, which is for ids", hint="Name a file, such as report.jsonl."
            )
    except OSError as error:
        raise write_error(target, error) from None
    if any(source.covers(target) for source in sources):
        raise UsageError(f"Cannot write {target}: it is one of the files to import", hint="Name another file.")
    start = read_start(target, len(_START))
    if start and start != _START:
        raise ConflictError(f"{target} exists and is not an earlier report", hint="Name another file, or remove it.")
