"""What an import changed, left out or guessed: in a file, and in a few lines."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self, TextIO

from ..errors import UsageError
from .invocation import Invocation
from .reports import amount

if TYPE_CHECKING:
    from ..interchange.entries import Note
    from ..schemas import Imported


class Report:
    """The report of one import; records that cannot be read are named on stderr too."""

    def __init__(self, invocation: Invocation, target: Path | None) -> None:
        self._console = invocation.console
        self._target = target
        self._file: TextIO | None = None
        self._open = ExitStack()
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        if self._target:
            try:
                self._file = self._open.enter_context(self._target.open("w", encoding="utf-8"))
            except OSError as error:
                raise UsageError(f"Cannot write {self._target}: {error.strerror}") from None
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, note: "Note") -> None:
        """Write a line of the report."""
        self.counts[note.code] += 1
        if self._file:
            line = {"source": note.source, "place": note.place, "code": note.code, "text": note.text}
            self._file.write(f"{json.dumps(line)}\n")
        if note.is_failure:
            place = "" if note.place is None else f":{note.place}"
            self._console.warn(f"{note.source}{place}: {note.text}")

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
