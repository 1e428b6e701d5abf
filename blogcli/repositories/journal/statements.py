"""The SQL statements that revert changes from the values in the journal.

The statements read the former values in the database, so that Python never holds the text of a post.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple, cast

from sqlalchemy import Dialect

from ...models import Base
from .tables import TABLE_NUMBERS, JournaledTable

# The columns of each table whose values are unique, so that their updates are reverted one by one.
_UNIQUE = {"users": ("email",), "posts": ("slug", "uuid"), "tags": ("key",)}


class RecordKey(NamedTuple):
    """The number of a table and the id of one of its rows: a user, a post or a tag."""

    table_no: int
    row_id: int


class ChangeRange(NamedTuple):
    """The range of the ids of some changes. Changes of other operations may have ids within the range."""

    first: int
    last: int


class Targets:
    """The changes to revert: those of some operations, or only those of one record and its links.

    `parameters` contains the values of the parameters of all conditions.
    """

    def __init__(self, dialect: Dialect, ids: Sequence[int], record: RecordKey | None = None) -> None:
        self.dialect = dialect
        self.is_single = len(ids) == 1
        self._record = record
        self.parameters: dict[str, object] = {"targets": json.dumps(list(ids)) if self._is_sqlite else list(ids)}
        if record:
            self.parameters["record"] = record.row_id

    @property
    def _is_sqlite(self) -> bool:
        return self.dialect.name == "sqlite"

    def condition(self, alias: str, *, uses_index: bool = True) -> str:
        """Return the condition that a change belongs to the targets.

        `alias` is the alias of `journal_changes` in the statement. If `uses_index` is false, SQLite does not use the
        index on operations, so that it reads the changes in the order of their ids.
        """
        column = f"{alias}.operation_id"
        if self._is_sqlite:
            condition = f"{'' if uses_index else '+'}{column} IN (SELECT value FROM json_each(:targets))"
        else:
            condition = f"{column} = ANY(CAST(:targets AS bigint[]))"
        return f"{condition} AND {self._record_condition(alias)}" if self._record else condition

    def _record_condition(self, alias: str) -> str:
        numbers = {1: "1", 2: "2, 4, 5", 3: "3"}
        record = cast("RecordKey", self._record)
        condition = f"{alias}.table_no IN ({numbers[record.table_no]}) AND {alias}.row_id = :record"
        if record.table_no == TABLE_NUMBERS["tags"]:
            condition += f" OR {alias}.table_no = 4 AND {alias}.other_id = :record"
        return f"({condition})"


def has_value(dialect: str, column: str) -> str:
    """Return the condition that the journal has a former value of a column, which may be null."""
    return f"json_type(c.was, '$.{column}') IS NOT NULL" if dialect == "sqlite" else f"(c.was->'{column}') IS NOT NULL"


def select_range(targets: Targets) -> str:
    """Return the query for the smallest and the greatest id of the changes to revert."""
    return f"SELECT min(c.id), max(c.id) FROM journal_changes AS c WHERE {targets.condition('c')}"


def select_changes(targets: Targets) -> str:
    """Return the query for the keys of the changes to revert, newest first."""
    dialect = targets.dialect.name
    conditions = (
        f"(c.table_no = {TABLE_NUMBERS[name]} AND ({' OR '.join(has_value(dialect, column) for column in columns)}))"
        for name, columns in _UNIQUE.items()
    )
    return (
        f"SELECT c.id, c.table_no, c.row_id, c.other_id, c.action, c.action = 'u' AND ({' OR '.join(conditions)}) "
        f"FROM journal_changes AS c WHERE {targets.condition('c', uses_index=targets.is_single)} "
        "AND c.id BETWEEN :first AND :last ORDER BY c.id DESC LIMIT :limit"
    )


def delete_inserted(targets: Targets, table: JournaledTable) -> str:
    """Return the statement that deletes rows that were inserted."""
    key = ", ".join(table.key)
    return f"DELETE FROM {table.name} WHERE ({key}) IN (SELECT {_key(table)} FROM {_changes(targets, table, 'i')})"


def insert_deleted(targets: Targets, table: JournaledTable) -> str:
    """Return the statement that inserts rows again that were deleted."""
    dialect = targets.dialect
    columns = ", ".join([*table.key, *table.columns])
    image = ""
    former_values = [_former_value(dialect, table, column) for column in table.columns]
    if dialect.name == "postgresql" and table.columns:
        # The operator ->> would decompress and parse the former row once for each column.
        image = f"json_to_record(c.was) AS r ({', '.join(f'{column} text' for column in table.columns)})"
        former_values = [f"CAST(r.{column} AS {_type(dialect, table, column)})" for column in table.columns]
    values = ", ".join([_key(table), *former_values])
    return f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM {_changes(targets, table, 'd', also_from=image)}"


def select_updated_columns(targets: Targets, table: JournaledTable) -> str:
    """Return the query for the names of the columns that the updates of a chunk have changed."""
    keys = "json_each(c.was)" if targets.dialect.name == "sqlite" else "json_object_keys(c.was) AS keys (key)"
    return f"SELECT DISTINCT key FROM {_changes(targets, table, 'u', also_from=keys)}"


def restore_updated(targets: Targets, table: JournaledTable, columns: Sequence[str]) -> str:
    """Return the statement that gives updated rows the former values of some columns.

    `columns` should contain only columns that the updates have changed, because SQLite writes the entries of each index
    that contains one of the columns, even if no value changes.
    """
    dialect = targets.dialect
    values = ", ".join(
        f"{column} = CASE WHEN {has_value(dialect.name, column)} THEN {_former_value(dialect, table, column)} "
        f"ELSE {table.name}.{column} END"
        for column in columns
    )
    keys = zip(table.key, ("c.row_id", "c.other_id"), strict=False)
    same_row = " AND ".join(f"{table.name}.{column} = {value}" for column, value in keys)
    return f"UPDATE {table.name} SET {values} FROM {_changes(targets, table, 'u')} AND {same_row}"


def _changes(targets: Targets, table: JournaledTable, action: str, *, also_from: str = "") -> str:
    """Return the changes of a chunk, as the end of a statement from the name of the table on.

    `also_from` is another item of the FROM clause. The unary plus operators keep SQLite from using an index, because an
    index on the table would make it read all changes of this table. It uses the primary key instead.
    """
    items = ", ".join(["journal_changes AS c", also_from] if also_from else ["journal_changes AS c"])
    return (
        f"{items} WHERE {targets.condition('c', uses_index=False)} "
        f"AND c.id BETWEEN :first AND :last AND +c.table_no = {table.number} AND c.action = '{action}'"
    )


def _key(table: JournaledTable) -> str:
    return ", ".join(("c.row_id", "c.other_id")[: len(table.key)])


def _former_value(dialect: Dialect, table: JournaledTable, column: str) -> str:
    if dialect.name == "sqlite":
        return f"json_extract(c.was, '$.{column}')"
    return f"CAST(c.was->>'{column}' AS {_type(dialect, table, column)})"


def _type(dialect: Dialect, table: JournaledTable, column: str) -> str:
    return Base.metadata.tables[table.name].columns[column].type.compile(dialect)
