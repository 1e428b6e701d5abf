"""Compare the operations of the journal with their changes."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection, select, text

from ...models.journal import JournalOperation
from .tables import TABLE_NUMBERS

_ACTIONS = {"i": 0, "u": 1, "d": 2}
_NAMES = {number: name for name, number in TABLE_NUMBERS.items()}
_CHANGES = text("""
    SELECT operation_id, table_no, action, count(*) AS number FROM journal_changes
    GROUP BY operation_id, table_no, action ORDER BY operation_id
""")
_LOST_CHANGES = text("""
    SELECT operation_id, count(*) AS number FROM journal_changes AS c
    WHERE NOT EXISTS (SELECT 1 FROM journal_operations AS o WHERE o.id = c.operation_id)
    GROUP BY operation_id ORDER BY operation_id
""")

_columns = JournalOperation.__table__.c
_OPERATIONS = select(_columns.id, _columns.counts).where(_columns.counts.is_not(None)).order_by(_columns.id)

Counts = dict[str, list[int]]


class WrongCounts(NamedTuple):
    """An operation whose stored numbers of changes differ from the actual numbers."""

    operation_id: int
    stored: Counts
    actual: Counts


class LostChanges(NamedTuple):
    """Changes of an operation that does not exist."""

    operation_id: int
    number: int


def find_lost_changes(connection: Connection) -> Iterator[LostChanges]:
    """Yield the number of changes for each operation that has changes and does not exist."""
    for row in connection.execute(_LOST_CHANGES):
        yield LostChanges(row.operation_id, row.number)


def find_wrong_counts(connection: Connection) -> Iterator[WrongCounts]:
    """Yield each operation whose stored numbers of changes are wrong. Operations without such numbers are skipped."""
    counts = _actual_counts(connection)
    current = next(counts, None)
    operations = connection.execute(_OPERATIONS, execution_options={"yield_per": 1_000})
    for id_, stored in operations:
        while current is not None and current[0] < id_:
            current = next(counts, None)
        actual = current[1] if current is not None and current[0] == id_ else {}
        if stored != actual:
            yield WrongCounts(id_, stored, actual)


def _actual_counts(connection: Connection) -> Iterator[tuple[int, Counts]]:
    rows = connection.execute(_CHANGES, execution_options={"yield_per": 1_000})
    for operation_id, group in groupby(rows, key=lambda row: row.operation_id):
        counts: Counts = {}
        for row in group:
            counts.setdefault(_NAMES.get(row.table_no, str(row.table_no)), [0, 0, 0])[_ACTIONS[row.action]] += (
                row.number
            )
        yield operation_id, counts
