"""The statements that announce the operation of a command to the triggers of the journal.

On SQLite, the operation is inserted when a transaction begins and is deleted again if nothing was changed. On
PostgreSQL, the values of the operation are a setting of the transaction, and the first change inserts the operation.
"""

import json
from collections.abc import Mapping

OPEN_ON_SQLITE = (
    "INSERT INTO journal_operations (kind, verb, command, actor, host, profile, program, revision) VALUES ("
    ":kind, :verb, :command, :actor, :host, :profile, :program, (SELECT max(version_num) FROM blogcli_version))"
)
CLOSE_ON_SQLITE = "DELETE FROM journal_current"
# Deletes the running operation if it has changed nothing.
DISCARD_EMPTY_ON_SQLITE = (
    "DELETE FROM journal_operations WHERE id = (SELECT operation_id FROM journal_current) "
    "AND NOT EXISTS (SELECT 1 FROM journal_changes WHERE operation_id = journal_operations.id)"
)
# The setting that the function `journal_operation` reads on PostgreSQL.
POSTGRESQL_SETTING = "blogcli.operation"
# The first key of the advisory lock of an operation on PostgreSQL. The second key is the id of the operation.
POSTGRESQL_LOCK = 0x6A726E6C
# Selects the id and the start of the operation of this transaction. The id is empty if nothing was changed yet. The
# advisory lock shows other commands that the transaction has not ended.
IDENTIFY_ON_POSTGRESQL = f"""
    SELECT id, to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        CASE WHEN id <> '' THEN pg_advisory_xact_lock_shared({POSTGRESQL_LOCK}, (id::bigint % 2147483647)::int) END
    FROM coalesce(current_setting('blogcli.operation_id', true), '') AS id
"""


def postgresql_value(record: Mapping[str, object], *, kind: str = "command") -> str:
    """Return the value of the setting that announces an operation on PostgreSQL."""
    return json.dumps({"kind": kind, **record})
