"""Record each transaction that writes to SQLite as an operation of the journal.

On PostgreSQL, the settings of a transaction announce its operation (see `postgresql.py`).
"""

import aiosqlite
from sqlalchemy import Connection, Engine, event

from ..repositories.journal.recording import CLOSE_ON_SQLITE, OPEN_ON_SQLITE

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
        await driver.execute(OPEN_ON_SQLITE, options["origin"].to_record())
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
