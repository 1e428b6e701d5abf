"""Find those faults of a database that a comparison of its columns with the models does not detect."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import CheckConstraint, Column, Connection, Index, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from ...models.indexes import metadata
from ...search import SEARCH_TRIGGER, SEARCH_TRIGGER_SQL, get_index

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


def altered_constraints(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield a message and a repair for each CHECK constraint and primary key that is missing or altered."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        if set(key) != {column.name for column in table.primary_key}:
            yield f"The primary key of {table.name} is {', '.join(key) or 'missing'}", _MIGRATE
        existing = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                name = str(check.name)
                expected = str(check.sqltext)
                # A database may return the condition in another notation than the models, so only the values in
                # quotation marks are compared.
                if name not in existing or set(_QUOTED.findall(existing[name])) != set(_QUOTED.findall(expected)):
                    state = "differs from" if name in existing else "is missing:"
                    yield f"The constraint {name} of {table.name} {state} CHECK ({expected})", _MIGRATE


def altered_computed_columns(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield a message and a repair for each computed column whose expression differs from the one in the models."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        existing = {column["name"]: column.get("computed") for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.computed:
                expression = str(column.computed.sqltext)
                computed = existing[column.name]
                if computed is None or computed["sqltext"] != expression:
                    yield f"{table.name}.{column.name} is not computed as {expression}", _MIGRATE


def missing_indexes(connection: Connection) -> list[str]:
    """Return the names of those indexes on expressions that are missing in a SQLite database.

    Alembic does not report such indexes, because SQLAlchemy cannot reflect indexes on expressions in SQLite.
    """
    existing = set(connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'index'")).scalars())
    indexes = (index for table in metadata.tables.values() for index in table.indexes)
    return sorted(str(index.name) for index in indexes if _is_on_expressions(index) and index.name not in existing)


def _is_on_expressions(index: Index) -> bool:
    return not all(isinstance(part, Column) for part in index.expressions)


def altered_triggers(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield a message and a repair for each trigger or constraint that does not work as intended.

    On SQLite, the function checks that the trigger of the search index exists and is unaltered. On PostgreSQL, the
    function checks that foreign keys are enforced, and that constraints are validated for all rows.
    """
    if connection.dialect.name == "sqlite":
        query = text("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = :name")
        definition = connection.scalar(query, {"name": SEARCH_TRIGGER})
        if definition is None:
            yield f"The trigger {SEARCH_TRIGGER} is missing", f"Run: {SEARCH_TRIGGER_SQL}"
        elif _words(definition) != _words(SEARCH_TRIGGER_SQL):
            yield f"The trigger {SEARCH_TRIGGER} is altered", f"Drop it, then run: {SEARCH_TRIGGER_SQL}"
        return
    disabled = text("""
        SELECT DISTINCT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgisinternal AND t.tgenabled <> 'O' AND pg_table_is_visible(c.oid) AND c.relname = ANY (:names)
    """)
    for name in connection.execute(disabled, {"names": list(metadata.tables)}).scalars():
        yield f"References of {name} are not enforced", f"Run: ALTER TABLE {name} ENABLE TRIGGER ALL"
    unvalidated = text("""
        SELECT c.relname, o.conname FROM pg_constraint AS o JOIN pg_class AS c ON c.oid = o.conrelid
        WHERE NOT o.convalidated AND pg_table_is_visible(c.oid) AND c.relname = ANY (:names)
    """)
    for name, constraint in connection.execute(unvalidated, {"names": list(metadata.tables)}):
        repair = f"Run: ALTER TABLE {name} VALIDATE CONSTRAINT {constraint}"
        yield f"The constraint {constraint} of {name} is not validated for all rows", repair


def _read_sequence(connection: Connection, sequence: str, *, default: int) -> int | None:
    """Return the last id that a sequence has returned, or `default` if the role may not read the sequence."""
    if not connection.scalar(select(func.has_sequence_privilege(sequence, "SELECT"))):
        return default
    query = f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}"  # noqa: S608 - the name was returned by the server
    last: int | None = connection.scalar(text(query))
    return last


def lagging_sequences(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield a message and a repair for each table whose id sequence is missing or could return an id that is in use.

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
            repair = (
                f"DELETE FROM sqlite_sequence WHERE name = '{table.name}'; "  # noqa: S608 - the names are constants
                f"INSERT INTO sqlite_sequence VALUES ('{table.name}', {highest})"
            )
        else:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
            if sequence is None:
                yield f"{table.name}.id has no sequence", _MIGRATE
                continue
            last = _read_sequence(connection, sequence, default=highest)
            repair = f"SELECT setval('{sequence}', {highest})"
        if highest and (last is None or int(last) < highest):
            yield (
                f"The next id of {table.name} would be {int(last or 0) + 1}, but {highest} is in use",
                f"Run: {repair}",
            )


def is_search_index_broken(connection: Connection) -> bool:
    """Return whether the search index is inconsistent. The transaction is rolled back after the check.

    Returns False if the index cannot be checked because the database cannot be written at present.
    """
    try:
        if connection.dialect.name == "sqlite":
            # The integrity check of FTS5 needs a write lock. With this timeout, the check does not wait long for other
            # writers.
            connection.exec_driver_sql("PRAGMA busy_timeout = 1000")
        return get_index(connection.dialect.name).is_broken(connection)
    except DBAPIError:
        return False
    finally:
        connection.rollback()


def _words(statement: str) -> Sequence[str]:
    return statement.replace('"', "").rstrip("; ").lower().split()
