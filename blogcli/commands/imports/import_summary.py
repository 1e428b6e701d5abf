"""Summarize an import in a few lines of text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...cli.messages import amount

if TYPE_CHECKING:
    from ...interchange.notes import Note
    from ...schemas import ImportResult

# The maximum number of kinds of skipped records that the summary lists. The most frequent kinds are listed.
_MAX_KINDS = 8

# Maps each note code to the phrase that follows the number of notes with this code. `{s}` and `{es}` are replaced by
# plural endings. Notes that name a kind of record are counted by kind instead. Unreadable records are counted on a
# separate line.
PHRASES = {
    "conflict": "post{s} also edited in blogcli",
    "not_imported": "record{s} with unsupported fields",
    "not_public": "post{s} with restricted access",
    "status_inferred": "inferred status{es}",
    "date_inferred": "inferred date{s}",
    "title_inferred": "inferred title{s}",
    "title_truncated": "truncated title{s}",
    "slug_changed": "changed slug{s}",
    "slug_taken": "slug{s} with a number added",
    "tag_changed": "changed tag name{s}",
    "tag_merged": "merged tag{s}",
    "author_inferred": "inferred author{s}",
    "author_created": "created author{s}",
    "user_changed": "changed user{s}",
    "user_unchanged": "existing user{s} with a different name",
    "content_converted": "text{s} converted to Markdown",
    "content_lossy": "text{s} with parts that have no equivalent in Markdown",
    "character_removed": "text{s} with invalid characters removed",
    "value_changed": "value{s} stored in a different form",
    "field_preserved": "field{s} that could not be parsed",
    "xml_repaired": "repaired line{s} of XML",
    "duplicate_uuid": "duplicate uuid{s}",
}


class NoteCounts:
    """The numbers of notes of each kind in one import."""

    def __init__(self) -> None:
        self._skipped: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()

    def add(self, note: "Note") -> None:
        """Count a note."""
        if note.kind:
            self._skipped[note.kind] += note.count
        elif note.code in PHRASES:
            self._codes[note.code] += note.count

    def lines(self) -> Iterator[str]:
        """Yield a line with the numbers of skipped records and a line with the numbers of other notes.

        A line without numbers is omitted.
        """
        skipped = [amount(count, kind) for kind, count in self._skipped.most_common(_MAX_KINDS)]
        other_count = self._skipped.total() - sum(count for _, count in self._skipped.most_common(_MAX_KINDS))
        if other_count:
            skipped.append(amount(other_count, "other record"))
        if skipped:
            yield f"Skipped: {', '.join(skipped)}."
        if self._codes:
            yield f"Notes: {', '.join(_phrase(code, count) for code, count in self._codes.most_common())}."


def summarize(imported: "ImportResult", notes: NoteCounts, *, dry_run: bool) -> Iterator[str]:
    """Yield the lines of the summary of an import. After a dry run, the lines say what the import would have done."""
    users = [amount(imported.users, "user")] if imported.users else []
    tags = [amount(imported.tags, "tag")] if imported.tags else []
    verb = "Would import" if dry_run else "Imported"
    if imported.updated or imported.unchanged or imported.skipped:
        counts = f"{imported.created:,} created, {imported.updated:,} updated, {imported.unchanged:,} unchanged"
        skipped = f", {imported.skipped:,} skipped" if imported.skipped else ""
        yield f"{verb} posts: {counts}{skipped}."
        if users or tags:
            yield f"{'Would create' if dry_run else 'Created'} {_enumerate([*users, *tags])}."
    else:
        yield f"{verb} {_enumerate([amount(imported.created, 'post'), *users, *tags])}."
    if imported.failed:
        yield f"Unreadable: {amount(imported.failed, 'record')}."
    yield from notes.lines()


def _phrase(code: str, count: int) -> str:
    is_one = count == 1
    return f"{count:,} {PHRASES[code].format(s='' if is_one else 's', es='' if is_one else 'es')}"


def _enumerate(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
