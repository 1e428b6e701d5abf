"""Find triggers and functions of the journal that are missing, altered or disabled."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from ..db.faults import Fault
from . import postgresql_triggers, sqlite_triggers
from .tables import journaled_tables

_FUNCTIONS = text("""
    SELECT proname, prosrc, prosecdef, array_to_string(proconfig, ',') FROM pg_proc
    WHERE pronamespace = CAST(quote_ident(current_schema()) AS regnamespace) AND proname = ANY (:names)
""")
_TRIGGERS = text("""
    SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid, true), t.tgenabled IN ('O', 'A')
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE pg_table_is_visible(c.oid) AND c.relname = ANY (:tables) AND t.tgname LIKE 'journal%'
""")


class _Trigger(NamedTuple):
    """The definition of a trigger, and whether the trigger is enabled."""

    definition: str
    is_enabled: bool


def altered_journal_objects(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each object of the journal that does not record changes as it should."""
    if connection.dialect.name == "sqlite":
        yield from _altered_on_sqlite(connection)
        return
    yield from _altered_functions(connection)
    yield from _altered_triggers(connection)


def _altered_on_sqlite(connection: Connection) -> Iterator[Fault]:
    rows = connection.execute(text("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'trigger')"))
    existing: Mapping[str, str] = {row[0]: row[1] for row in rows}
    if sqlite_triggers.CURRENT_TABLE not in existing:
        text_ = f"The table {sqlite_triggers.CURRENT_TABLE} is missing"
        yield Fault.with_statements(text_, sqlite_triggers.CREATE_CURRENT_TABLE)
    tables = journaled_tables()
    triggers = sqlite_triggers.journal_triggers(tables)
    for table in tables:
        triggers |= sqlite_triggers.table_triggers(table)
    for name, definition in triggers.items():
        if name not in existing:
            yield Fault.with_statements(f"The trigger {name} is missing", definition)
        elif not _is_equal(existing[name], definition):
            yield Fault.with_statements(f"The trigger {name} is altered", f"DROP TRIGGER {name}", definition)


def _altered_functions(connection: Connection) -> Iterator[Fault]:
    bodies = postgresql_triggers.function_bodies(journaled_tables())
    rows = connection.execute(_FUNCTIONS, {"names": list(bodies)})
    existing = {row[0]: row for row in rows}
    schema = connection.scalar(text("SELECT quote_ident(current_schema())"))
    path = f"{schema}, pg_temp"
    for name, body in bodies.items():
        definition = postgresql_triggers.function_definition(name, " ".join(body.split()), search_path=f"TO {path}")
        repair = definition.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        if name not in existing:
            yield Fault.with_statements(f"The function {name} is missing", repair)
            continue
        _, source, has_rights_of_owner, settings = existing[name]
        if not (_is_equal(source, body) and has_rights_of_owner and settings == f"search_path={path}"):
            yield Fault.with_statements(f"The function {name} is altered", repair)


def _altered_triggers(connection: Connection) -> Iterator[Fault]:
    definitions = postgresql_triggers.trigger_definitions(journaled_tables())
    rows = connection.execute(_TRIGGERS, {"tables": sorted({table for table, _ in definitions})})
    existing = {(row[0], row[1]): _Trigger(row[2], row[3]) for row in rows}
    for (table, name), definition in definitions.items():
        trigger = existing.get((table, name))
        if trigger is None:
            yield Fault.with_statements(f"The trigger {name} of {table} is missing", definition)
        elif sorted(trigger.definition.split()) != sorted(definition.split()):
            # The server returns the events of a trigger in another order.
            text_ = f"The trigger {name} of {table} is altered"
            yield Fault.with_statements(text_, f"DROP TRIGGER {name} ON {table}", definition)
        elif not trigger.is_enabled:
            text_ = f"The trigger {name} of {table} is disabled"
            yield Fault.with_statements(text_, f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def _is_equal(existing: str, expected: str) -> bool:
    """Return whether two definitions differ at most in white space and in a final semicolon."""
    return existing.rstrip("; \n").split() == expected.rstrip("; \n").split()
