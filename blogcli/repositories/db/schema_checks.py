"""What can be wrong with the schema of a database and cannot be seen by comparing its columns with the models."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import CheckConstraint, Column, Connection, Index, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from ...models.indexes import metadata
from ...search import SEARCH_TRIGGER, SEARCH_TRIGGER_SQL, index_of

_QUOTED = re.compile(r"'([^']*)'")
_MIGRATE = "Restore a backup, or make a new database and bring the content over with `blogcli export jsonl`"


class BrokenReference(NamedTuple):
    """A row that refers to a row which does not exist, with the names of both tables."""

    table: str
    row_id: int | None
    referred_table: str


def integrity_errors(connection: Connection) -> list[str]:
    """Return the damage that SQLite finds in a database file, a line for each kind."""
    lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return [line for line in lines if line != "ok"]


def broken_references(connection: Connection) -> list[BrokenReference]:
    """Return the rows of a SQLite database whose foreign keys refer to rows that do not exist."""
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    return [BrokenReference(*row[:3]) for row in rows]


def altered_constraints(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield which CHECK constraints and primary keys are missing, altered or not enforced, and how to repair them."""
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        key = inspector.get_pk_constraint(table.name)["constrained_columns"]
        if set(key) != {column.name for column in table.primary_key}:
            yield f"The primary key of {table.name} is {', '.join(key) or 'missing'}", _MIGRATE
        found = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                wanted, name = str(check.sqltext), str(check.name)
                # The servers write the same condition in different ways; the values are what it is about.
                if name not in found or set(_QUOTED.findall(found[name])) != set(_QUOTED.findall(wanted)):
                    state = "differs from" if name in found else "is missing:"
                    yield f"The constraint {name} of {table.name} {state} CHECK ({wanted})", _MIGRATE


def lost_indexes(connection: Connection) -> list[str]:
    """Return the names of indexes on expressions that a SQLite database lacks, which SQLAlchemy cannot reflect."""
    found = set(connection.execute(text("SELECT name FROM sqlite_schema WHERE type = 'index'")).scalars())
    indexes = (index for table in metadata.tables.values() for index in table.indexes)
    return sorted(str(index.name) for index in indexes if _is_on_expressions(index) and index.name not in found)


def _is_on_expressions(index: Index) -> bool:
    return not all(isinstance(part, Column) for part in index.expressions)


def altered_triggers(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the triggers that keep the search and the references right, and how to repair it."""
    if connection.dialect.name == "sqlite":
        query = text("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = :name")
        found = connection.scalar(query, {"name": SEARCH_TRIGGER})
        if found is None or _words(found) != _words(SEARCH_TRIGGER_SQL):
            state = "missing" if found is None else "altered"
            yield f"The trigger {SEARCH_TRIGGER} is {state}", f"Drop it, if it is there, and run: {SEARCH_TRIGGER_SQL}"
        return
    disabled = text("""
        SELECT DISTINCT c.relname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgisinternal AND t.tgenabled <> 'O' AND pg_table_is_visible(c.oid) AND c.relname = ANY (:names)
    """)
    for name in connection.execute(disabled, {"names": list(metadata.tables)}).scalars():
        yield f"References of {name} are not enforced", f"Run: ALTER TABLE {name} ENABLE TRIGGER ALL"
    unproven = text("""
        SELECT c.relname, o.conname FROM pg_constraint AS o JOIN pg_class AS c ON c.oid = o.conrelid
        WHERE NOT o.convalidated AND pg_table_is_visible(c.oid) AND c.relname = ANY (:names)
    """)
    for name, constraint in connection.execute(unproven, {"names": list(metadata.tables)}):
        repair = f"Run: ALTER TABLE {name} VALIDATE CONSTRAINT {constraint}"
        yield f"The constraint {constraint} of {name} does not hold for all rows", repair


def lagging_sequences(connection: Connection) -> Iterator[tuple[str, str]]:
    """Yield which counters of ids would give out an id that is taken, or was, and how to repair them."""
    for table in metadata.sorted_tables:
        if "id" not in table.columns:
            continue
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        if connection.dialect.name == "sqlite":
            last = connection.scalar(
                text("SELECT max(seq) FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
            )
            repair = (
                f"DELETE FROM sqlite_sequence WHERE name = '{table.name}'; "  # noqa: S608 - names of ours
                f"INSERT INTO sqlite_sequence VALUES ('{table.name}', {highest})"
            )
        else:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
            if sequence is None:
                yield f"{table.name}.id has no sequence", _MIGRATE
                continue
            next_one = text(f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {sequence}")  # noqa: S608
            last = connection.scalar(next_one)
            repair = f"SELECT setval('{sequence}', {highest})"
        if highest and (last is None or int(last) < highest):
            yield f"The next id of {table.name} would be {int(last or 0) + 1}, and {highest} is taken", f"Run: {repair}"


def is_search_index_broken(connection: Connection) -> bool:
    """Whether the index of the search is inconsistent in itself; False where the database cannot be written now.

    This ends the transaction.
    """
    try:
        if connection.dialect.name == "sqlite":
            # Only a writer can ask FTS5, and a check does not wait long for others that write.
            connection.exec_driver_sql("PRAGMA busy_timeout = 1000")
        return index_of(connection.dialect.name).is_broken(connection)
    except DBAPIError:
        return False
    finally:
        connection.rollback()


def _words(statement: str) -> Sequence[str]:
    return statement.replace('"', "").rstrip("; ").lower().split()
