"""The triggers that record changes in the journal, for both database systems.

A migration that changes a recorded table recreates the triggers of that table with its own list of columns, because
the models describe the newest schema only.
"""

from collections.abc import Iterable, Sequence

from . import postgresql_triggers, sqlite_triggers
from .tables import JournaledTable


def creation_statements(dialect: str, tables: Sequence[JournaledTable]) -> list[str]:
    """Return the statements that create the triggers of the journal and of some tables."""
    if dialect == "sqlite":
        own = sqlite_triggers.journal_triggers(tables)
        return [*own.values(), *(sql for table in tables for sql in sqlite_triggers.table_triggers(table).values())]
    return postgresql_triggers.creation_statements(tables)


def removal_statements(dialect: str, tables: Iterable[JournaledTable]) -> list[str]:
    """Return the statements that remove the triggers of some tables and of the journal."""
    if dialect == "sqlite":
        names = [name for table in tables for name in sqlite_triggers.table_triggers(table)]
        return [f"DROP TRIGGER {name}" for name in (*names, *sqlite_triggers.journal_triggers([]))]
    return postgresql_triggers.removal_statements(tables)
