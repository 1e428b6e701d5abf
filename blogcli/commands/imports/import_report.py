"""What an import changed, left out or guessed: in a file, and in a few lines."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO, Self

from ...cli.atomic_write import replacing, start_of, write_error
from ...cli.context import Invocation
from ...cli.rendering import amount
from ...errors import BlogError, ConflictError, InvalidError, UsageError

if TYPE_CHECKING:
    from ...interchange.notes import Note
    from ...interchange.sources import Source
    from ...schemas import Imported


# So many posts that were skipped are named on stderr.
_MOST_NAMED = 5
# What every report begins with, unless there is nothing to report.
_START = b'{"source": '


class Report:
    """The report of one import; records that cannot be read are named on stderr too."""

    def __init__(self, invocation: Invocation, target: Path | None, sources: "Sequence[Source]") -> None:
        self._console = invocation.console
        self._target = target
        self._sources = sources
        self._file: BinaryIO | None = None
        self._open = ExitStack()
        self.counts: Counter[str] = Counter()
        self._conflicts: list[Note] = []

    def __enter__(self) -> Self:
        if self._target:
            _refuse_others(self._target, self._sources)
            self._file = self._open.enter_context(replacing(self._target))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Records that stopped an import stand in its report; where it ended otherwise, an earlier one stays.
        is_told = error is None or (self.counts and isinstance(error, InvalidError | ConflictError))
        try:
            self._open.__exit__(*((None, None, None) if is_told else (kind, error, trace)))
        except BlogError as failure:
            # Of two faults the first is told.
            if error is None:
                raise BlogError(f"{failure.message}; the import itself is complete") from None

    def add(self, note: "Note") -> None:
        """Write a line of the report; BlogError where that fails, before anything is imported for good."""
        self.counts[note.code] += 1
        if note.is_conflict and len(self._conflicts) < _MOST_NAMED:
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
        """Name the first posts that were skipped because they were edited here, and count the others."""
        for note in self._conflicts:
            self._console.warn(_line(note))
        more = self.counts["conflict"] - len(self._conflicts)
        if more:
            self._console.warn(f"and {amount(more, 'more such post')}")

    @property
    def is_kept(self) -> bool:
        """Whether it is written to a file."""
        return self._file is not None


def summary(imported: "Imported", report: Report, *, dry_run: bool) -> Iterator[str]:
    """What came of an import, in lines."""
    counts = f"{imported.created:,} created, {imported.updated:,} updated, {imported.unchanged:,} unchanged"
    skipped = f", {imported.skipped:,} skipped" if imported.skipped else ""
    failed = f", {imported.failed:,} unreadable" if imported.failed else ""
    yield f"{'Would import' if dry_run else 'Imported'} posts: {counts}{skipped}{failed}."
    if imported.users or imported.tags:
        users, tags = amount(imported.users, "user"), amount(imported.tags, "tag")
        yield f"{'Would make' if dry_run else 'Made'} {users} and {tags}."
    if report.counts:
        noted = ", ".join(f"{count:,} {code}" for code, count in report.counts.most_common())
        yield f"Noted: {noted}." + ("" if report.is_kept else " --report FILE has each of them.")


def skipped_error(skipped: int, *, dry_run: bool) -> ConflictError:
    """Return the error that says how many posts were skipped although their source has changed."""
    rest = "the others would be imported" if dry_run else "the others were imported"
    were = "was edited here and is" if skipped == 1 else "were edited here and are"
    hint = "--on-conflict update overwrites what was edited here; --on-conflict skip keeps it, with exit code 0."
    return ConflictError(f"{amount(skipped, 'post')} {were} skipped; {rest}", hint=hint)


def _line(note: "Note") -> str:
    position = "" if note.position is None else f":{note.position}"
    return f"{note.source}{position}: {note.message}"


def _refuse_others(target: Path, sources: "Sequence[Source]") -> None:
    """Raise UsageError for stdout, which is for ids, and for a file that is read; ConflictError for one of others."""
    try:
        if str(target) == "-" or (target.is_file() and os.path.samestat(target.stat(), os.fstat(1))):
            raise UsageError("A report needs a file: stdout is for ids", hint="Name one, such as report.jsonl.")
    except OSError as error:
        raise write_error(target, error) from None
    if any(source.covers(target) for source in sources):
        raise UsageError(f"Cannot write {target}: it is among what is read", hint="Name another file.")
    start = start_of(target, len(_START))
    if start and start != _START:
        raise ConflictError(f"{target} exists and is not an earlier report", hint="Name another file, or remove it.")
