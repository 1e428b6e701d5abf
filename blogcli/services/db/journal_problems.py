"""Find contradictions between the operations of the journal and their changes."""

from collections.abc import Iterator

from sqlalchemy import Connection

from ...repositories.journal import consistency
from ...schemas.db import Problem

_REPAIR = "Run `blogcli db check --repair`"
_DELETE = "Delete the changes with SQL; they cannot be undone"


def find_journal_problems(connection: Connection) -> Iterator[Problem]:
    """Yield changes that belong to no operation, and operations whose numbers of changes are wrong."""
    for lost in consistency.find_lost_changes(connection):
        text = f"Operation {lost.operation_id} does not exist, but its changes do (number: {lost.number:,})"
        yield Problem(code="journal", text=text, repair=_DELETE)
    for wrong in consistency.find_wrong_counts(connection):
        stored = _describe_counts(wrong.stored)
        text = f"Operation {wrong.operation_id} should have {stored}, but has {_describe_counts(wrong.actual)}"
        yield Problem(code="journal", text=text, repair=_REPAIR, repairable=True)


def _describe_counts(counts: consistency.Counts) -> str:
    numbers = [f"{sum(numbers):,} of {table}" for table, numbers in sorted(counts.items())]
    return f"changes: {', '.join(numbers)}" if numbers else "no changes"
