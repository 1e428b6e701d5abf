"""Find those faults of a database that a comparison of its columns with the models does not detect."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import CheckConstraint, Column, Connection, Index, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from ...models.indexes import metadata
from ...search import (
    DIGEST_FUNCTION_BODY,
    DIGEST_FUNCTION_SQL,
    DIGEST_TRIGGER,
    DIGEST_TRIGGER_SQL,
    SEARCH_TRIGGER,
    SEARCH_TRIGGER_SQL,
    get_index_check,
)
from .faults import Fault

_QUOTED = re.compile(r"'([^']*)'")
_MIGRATE = "Restore a backup, or move the content to a new database with `blogcli export jsonl`"


class BrokenReference(NamedTuple):
    """A row of `table` that refers to a missing row of `referred_table`."""

    table: str
    row_id: int | None
    referred_table: str


def integrity_errors(connection: Connection) -> list[str]:
    """Return the messages in which the integrity check of SQLite reports damage in a database file."""
    lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return [line for line in lines if line != "ok"]


def broken_references(connection: Connection) -> list[BrokenReference]:
    """Return those rows of a SQLite database whose foreign keys refer to rows that do not exist."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [BrokenReference(*row[:3]) for row in rows]


def altered_constraints(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each CHECK constraint and primary key that is missing or altered."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        if set(key) != {column.name for column in table.primary_key}:
            yield Fault(f"The primary key of {table.name} is {', '.join(key) or 'missing'}", _MIGRATE)
        existing = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                name = str(check.name)
                expected = str(check.sqltext)
                # A database may return the condition in another notation than the models, so only the values in
                # quotation marks are compared.
                if name not in existing or set(_QUOTED.findall(existing[name])) != set(_QUOTED.findall(expected)):
                    state = "differs from" if name in existing else "is missing:"
                    yield Fault(f"The constraint {name} of {table.name} {state} CHECK ({expected})", _MIGRATE)


def altered_computed_columns(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each computed column whose expression differs from the one in the models."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        existing = {column["name"]: column.get("computed") for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.computed:
                expression = str(column.computed.sqltext)
                computed = existing[column.name]
                if computed is None or computed["sqltext"] != expression:
                    yield Fault(f"{table.name}.{column.name} is not computed as {expression}", _MIGRATE)


def missing_indexes(connection: Connection) -> list[str]:
    """Return the names of those indexes on expressions that are missing in a SQLite database.

    Alembic does not report such indexes, because SQLAlchemy cannot reflect indexes on expressions in SQLite.
    """
    existing = set(connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'index'")).scalars())
    indexes = (index for table in metadata.tables.values() for index in table.indexes)
    return sorted(str(index.name) for index in indexes if _is_on_expressions(index) and index.name not in existing)


def _is_on_expressions(index: Index) -> bool:
    return not all(isinstance(part, Column) for part in index.expressions)


def altered_search_triggers(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each trigger of the search index that is missing, altered or disabled."""
    if connection.dialect.name == "postgresql":
        yield from _altered_digest_trigger(connection)
        return
    query = text("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = :name")
    definition = connection.scalar(query, {"name": SEARCH_TRIGGER})
    if definition is None:
        yield Fault.with_statements(f"The trigger {SEARCH_TRIGGER} is missing", SEARCH_TRIGGER_SQL)
    elif _words(definition) != _words(SEARCH_TRIGGER_SQL):
        text_ = f"The trigger {SEARCH_TRIGGER} is altered"
        yield Fault.with_statements(text_, f"DROP TRIGGER {SEARCH_TRIGGER}", SEARCH_TRIGGER_SQL)


def _altered_digest_trigger(connection: Connection) -> Iterator[Fault]:
    query = text("""
        SELECT pg_get_triggerdef(t.oid, true), t.tgenabled IN ('O', 'A'), p.prosrc
        FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
        WHERE pg_table_is_visible(c.oid) AND c.relname = 'post_search' AND t.tgname = :name
    """)
    row = connection.execute(query, {"name": DIGEST_TRIGGER}).one_or_none()
    drop = f"DROP TRIGGER IF EXISTS {DIGEST_TRIGGER} ON post_search"
    statements = (drop, DIGEST_FUNCTION_SQL, DIGEST_TRIGGER_SQL)
    if row is None:
        yield Fault.with_statements(f"The trigger {DIGEST_TRIGGER} is missing", *statements)
        return
    definition, is_enabled, body = row
    if _words(definition) != _words(DIGEST_TRIGGER_SQL) or _words(body) != _words(DIGEST_FUNCTION_BODY):
        yield Fault.with_statements(f"The trigger {DIGEST_TRIGGER} is altered", *statements)
    elif not is_enabled:
        yield Fault.with_statements(f"The trigger {DIGEST_TRIGGER} is disabled", *statements)


def altered_references(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each table of a PostgreSQL database whose references or constraints are not enforced."""
    if connection.dialect.name == "sqlite":
        return
    disabled = text("""
        SELECT DISTINCT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgisinternal AND t.tgenabled <> 'O' AND pg_table_is_visible(c.oid) AND c.relname = ANY (:names)
    """)
    for name in connection.execute(disabled, {"names": list(metadata.tables)}).scalars():
        yield Fault(f"References of {name} are not enforced", f"Run: ALTER TABLE {name} ENABLE TRIGGER ALL")
    unvalidated = text("""
        SELECT c.relname, o.conname FROM pg_constraint AS o JOIN pg_class AS c ON c.oid = o.conrelid
        WHERE NOT o.convalidated AND pg_table_is_visible(c.oid) AND c.relname = ANY (:names)
    """)
    for name, constraint in connection.execute(unvalidated, {"names": list(metadata.tables)}):
        repair = f"Run: ALTER TABLE {name} VALIDATE CONSTRAINT {constraint}"
        yield Fault(f"The constraint {constraint} of {name} is not validated for all rows", repair)


def _read_sequence(connection: Connection, sequence: str, *, default: int) -> int | None:
    """Return the last id that a sequence has returned, or `default` if the role may not read the sequence."""
    if not connection.scalar(select(func.has_sequence_privilege(sequence, "SELECT"))):
        return default
    query = f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}"  # noqa: S608 - the name was returned by the server
    last: int | None = connection.scalar(text(query))
    return last


def lagging_sequences(connection: Connection) -> Iterator[Fault]:
    """Yield a fault for each table whose id sequence is missing or could return an id that is in use.

    On PostgreSQL, the sequences that the role may not read are not checked.
    """
    for table in metadata.sorted_tables:
        if "id" not in table.columns:
            continue
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        if connection.dialect.name == "sqlite":
            last = connection.scalar(
                text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
            )
            statements = [
                f"DELETE FROM sqlite_sequence WHERE name = '{table.name}'",  # noqa: S608 - the names are constants
                f"INSERT INTO sqlite_sequence VALUES ('{table.name}', {highest})",  # noqa: S608 - the name is a constant
            ]
        else:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
            if sequence is None:
                yield Fault(f"{table.name}.id has no sequence", _MIGRATE)
                continue
            last = _read_sequence(connection, sequence, default=highest)
            statements = [f"SELECT setval('{sequence}', {highest})"]
        if highest and (last is None or int(last) < highest):
            next_id = int(last or 0) + 1
            yield Fault.with_statements(
                f"The next id of {table.name} would be {next_id}, but {highest} is in use", *statements
            )


def is_search_index_broken(connection: Connection, *, full: bool) -> bool:
    """Return whether the search index is inconsistent.

    If `full` is true, the transaction is rolled back after the check. Returns False if the index cannot be checked
    because the database cannot be written at present.
    """
    check = get_index_check(connection.dialect.name)
    if not full:
        return check.is_broken(connection, full=False)
    try:
        if connection.dialect.name == "sqlite":
            # The integrity check of FTS5 needs a write lock. With this timeout, the check does not wait long for other
            # writers.
            connection.exec_driver_sql("PRAGMA busy_timeout = 1000")
        return check.is_broken(connection, full=True)
    except DBAPIError:
        return False
    finally:
        connection.rollback()


def _words(statement: str) -> Sequence[str]:
    return statement.replace('"', "").rstrip("; ").lower().split()
