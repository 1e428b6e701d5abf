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


def postgresql_value(record: Mapping[str, object], *, kind: str = "command") -> str:
    """Return the value of the setting that announces an operation on PostgreSQL."""
    return json.dumps({"kind": kind, **record})
