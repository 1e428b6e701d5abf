"""The triggers of the journal on SQLite."""

from collections.abc import Sequence

from .tables import JournaledTable

# This table has one row while a command writes.
CURRENT_TABLE = "journal_current"
CREATE_CURRENT_TABLE = (
    "CREATE TABLE journal_current (only_one INTEGER NOT NULL, operation_id INTEGER NOT NULL, "
    "CONSTRAINT pk_journal_current PRIMARY KEY (only_one), CONSTRAINT ck_journal_current_only_one CHECK (only_one = 1))"
)
# The current time in the format that `models.base.Instant` stores.
_NOW = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')"
# Changes by other programs that follow each other within this time belong to one operation.
_OUTSIDE_SPAN = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-1 second')"
_INSERT = "INSERT INTO journal_changes (operation_id, table_no, row_id, other_id, action, was) VALUES"
# The id of the running command. A change that no command has announced gets the id 0, which the trigger
# `journal_outside` replaces.
_OPERATION = "coalesce((SELECT operation_id FROM journal_current), 0)"
_NEWEST = "(SELECT max(id) FROM journal_operations)"


def journal_triggers(tables: Sequence[JournaledTable]) -> dict[str, str]:
    """Return the triggers on the tables of the journal, by name.

    `journal_current` has one row while a command writes. The row is inserted and deleted in the transaction of the
    command, so no other connection ever sees it. The numbers of changes of other programs are not stored, because
    counting them after each change would take too long.
    """
    return {
        "journal_open": (
            "CREATE TRIGGER journal_open AFTER INSERT ON journal_operations WHEN new.kind <> 'outside' BEGIN "
            "REPLACE INTO journal_current (only_one, operation_id) VALUES (1, new.id); END"
        ),
        "journal_close": (
            "CREATE TRIGGER journal_close AFTER DELETE ON journal_current BEGIN "
            f"UPDATE journal_operations SET ended_at = {_NOW}, counts = ({_counts(tables)}) "
            "WHERE id = old.operation_id; "
            "DELETE FROM journal_operations WHERE id = old.operation_id "
            "AND NOT EXISTS (SELECT 1 FROM journal_changes WHERE operation_id = old.operation_id); END"
        ),
        "journal_outside": (
            "CREATE TRIGGER journal_outside AFTER INSERT ON journal_changes WHEN new.operation_id = 0 BEGIN "
            "INSERT INTO journal_operations (kind, program, revision) "
            "SELECT 'outside', 'sqlite ' || sqlite_version(), (SELECT max(version_num) FROM blogcli_version) "
            f"WHERE NOT EXISTS (SELECT 1 FROM journal_operations WHERE id = {_NEWEST} AND kind = 'outside' "
            f"AND undone_by_id IS NULL AND ended_at >= {_OUTSIDE_SPAN}); "
            f"UPDATE journal_changes SET operation_id = {_NEWEST} WHERE id = new.id; "
            f"UPDATE journal_operations SET ended_at = {_NOW} WHERE id = {_NEWEST}; END"
        ),
    }


def _counts(tables: Sequence[JournaledTable]) -> str:
    """Return the query for the numbers of changes of the operation that ends, by the name of the table."""
    names = " ".join(f"WHEN {table.number} THEN '{table.name}'" for table in tables)
    return (
        "SELECT json_group_object(name, json_array(inserted, updated, deleted)) FROM ("
        f"SELECT CASE table_no {names} END AS name, sum(action = 'i') AS inserted, sum(action = 'u') AS updated, "
        "sum(action = 'd') AS deleted FROM journal_changes WHERE operation_id = old.operation_id GROUP BY table_no)"
    )


def table_triggers(table: JournaledTable) -> dict[str, str]:
    """Return the triggers that record the changes of a table, by name."""
    name = table.name
    deletion = f"{_INSERT} ({_OPERATION}, {_key(table, 'old')}, 'd', {_old_row(table)});"
    insertion = f"{_INSERT} ({_OPERATION}, {_key(table, 'new')}, 'i', NULL);"
    same_key = " AND ".join(f"old.{column} = new.{column}" for column in table.key)
    triggers = {
        f"journal_{name}_insert": f"AFTER INSERT ON {name} BEGIN {insertion} END",
        f"journal_{name}_delete": f"AFTER DELETE ON {name} BEGIN {deletion} END",
        f"journal_{name}_rekey": (
            f"AFTER UPDATE OF {', '.join(table.key)} ON {name} WHEN NOT ({same_key}) BEGIN {deletion} {insertion} END"
        ),
    }
    if table.columns:
        differs = " OR ".join(f"old.{column} IS NOT new.{column}" for column in table.columns)
        triggers[f"journal_{name}_update"] = (
            f"AFTER UPDATE ON {name} WHEN {same_key} AND ({differs}) BEGIN "
            f"{_INSERT} ({_OPERATION}, {_key(table, 'old')}, 'u', {_changed_columns(table)}); END"
        )
    return {trigger: f"CREATE TRIGGER {trigger} {definition}" for trigger, definition in triggers.items()}


def _key(table: JournaledTable, row: str) -> str:
    """Return the values of `table_no`, `row_id` and `other_id` for the row `old` or `new`."""
    first, *others = table.key
    return f"{table.number}, {row}.{first}, {f'{row}.{others[0]}' if others else 0}"


def _old_row(table: JournaledTable) -> str:
    pairs = (f"'{column}', old.{column}" for column in table.columns)
    return f"json_object({', '.join(pairs)})"


def _changed_columns(table: JournaledTable) -> str:
    parts = (
        f"CASE WHEN old.{column} IS new.{column} THEN '' ELSE ',\"{column}\":' || json_quote(old.{column}) END"
        for column in table.columns
    )
    return f"'{{' || substr({' || '.join(parts)}, 2) || '}}'"
