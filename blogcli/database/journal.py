"""Record transactions as operations of the journal: all that write to SQLite, and migrations on both databases.

On PostgreSQL, the settings of another transaction announce its operation (see `postgresql.py`).
"""

from collections.abc import Callable

import aiosqlite
from sqlalchemy import Connection, Engine, event, func, inspect, select, text, true

from ..repositories.db.version_table import VERSION_TABLE
from ..repositories.journal.recording import (
    CLOSE_ON_SQLITE,
    DISCARD_EMPTY_ON_SQLITE,
    OPEN_ON_SQLITE,
    POSTGRESQL_SETTING,
    postgresql_value,
)

# The key under which a connection stores the number of changed rows after its operation was opened.
_CHANGES_AT_OPENING = "changes_at_opening"


def record_operations(engine: Engine) -> None:
    """Record the operations of an engine whose listeners have already begun the transaction."""
    event.listen(engine, "begin", _open_operation)
    event.listen(engine, "commit", _close_operation)


def _open_operation(connection: Connection) -> None:
    """Insert the operation of the command into the journal."""
    options = connection.get_execution_options()
    if not options.get("writes", False):
        return

    async def open_(driver: aiosqlite.Connection) -> int:
        await driver.execute(OPEN_ON_SQLITE, {"kind": "command", **options["origin"].to_record()})
        return driver.total_changes

    connection.info[_CHANGES_AT_OPENING] = connection.connection.run_async(open_)


def _close_operation(connection: Connection) -> None:
    """Complete the operation before the commit.

    If no row was changed, the transaction is rolled back, so that nothing is written and no id of an operation is used.
    """
    if not connection.get_execution_options().get("writes", False):
        return

    async def close(driver: aiosqlite.Connection) -> None:
        if driver.total_changes == connection.info[_CHANGES_AT_OPENING]:
            await driver.rollback()
        else:
            await driver.execute(CLOSE_ON_SQLITE)

    connection.connection.run_async(close)


def record_migration(connection: Connection, run: Callable[[Connection], object]) -> None:
    """Call `run` to run migrations, and record the rows that they change as one operation if the journal exists.

    If no row is changed, there is no operation.
    """
    record = connection.get_execution_options()["origin"].to_record()
    if connection.dialect.name == "postgresql":
        announced = postgresql_value(record, kind="migration")
        connection.execute(select(func.set_config(POSTGRESQL_SETTING, announced, true())))
        run(connection)
        return
    has_journal = _has_journal(connection)
    if has_journal:
        connection.execute(text(OPEN_ON_SQLITE), {"kind": "migration", **record})
    run(connection)
    # The migration may have created or dropped the journal.
    if has_journal and _has_journal(connection):
        connection.execute(text(DISCARD_EMPTY_ON_SQLITE))
        connection.execute(text(CLOSE_ON_SQLITE))


def _has_journal(connection: Connection) -> bool:
    # The operation records the revision of the database, so the version table must exist as well.
    return {"journal_operations", VERSION_TABLE} <= {*inspect(connection).get_table_names()}
