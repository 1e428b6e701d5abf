"""Statements that keep a database small and fast. They run outside transactions, so they use the driver directly."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ...models.indexes import metadata
from .version_table import VERSION_TABLE

# The number of rows that ANALYZE reads of each index. This is enough for the planner, and does not depend on the size.
_ANALYSIS_LIMIT = 1_000
# The number of pages that one step of merging the search index writes. Between two steps, other commands can write.
_MERGE_PAGES = 500
# The maximum time in milliseconds for which a step waits for other commands.
_STEP_TIMEOUT = 2_000
_OWN_TABLES = (*metadata.tables, "post_search", VERSION_TABLE)
_POSTGRESQL_SIZE = """
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class AS c
    WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid) AND c.relname = ANY ($1::text[])
"""


async def get_driver(connection: AsyncConnection) -> Any:  # noqa: ANN401 - the drivers share no type
    """Return the connection of the driver. No transaction may have begun."""
    return (await connection.get_raw_connection()).driver_connection


async def analyze_sqlite(driver: Any) -> None:  # noqa: ANN401 - see `get_driver`
    """Collect statistics for the query planner."""
    await driver.execute(f"PRAGMA analysis_limit = {_ANALYSIS_LIMIT}")
    await driver.execute("ANALYZE")


async def merge_search_index(driver: Any) -> None:  # noqa: ANN401 - see `get_driver`
    """Merge the segments of the search index in steps. Each step is a transaction of its own."""
    pages = -_MERGE_PAGES
    while True:
        changes = driver.total_changes
        await driver.execute("INSERT INTO post_search (post_search, rank) VALUES ('merge', ?)", (pages,))
        # FTS5 changes fewer than two rows if there is nothing left to merge. A negative number begins a new merge.
        if driver.total_changes - changes < 2:
            return
        pages = _MERGE_PAGES


async def truncate_wal(driver: Any) -> None:  # noqa: ANN401 - see `get_driver`
    """Copy the write-ahead log to the database and truncate it, unless other commands prevent this at present."""
    await driver.execute(f"PRAGMA busy_timeout = {_STEP_TIMEOUT}")
    await driver.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")


async def vacuum_sqlite(driver: Any) -> None:  # noqa: ANN401 - see `get_driver`
    """Rewrite the database file without free pages. Other commands cannot write meanwhile."""
    await driver.execute("VACUUM")


async def measure_sqlite(driver: Any) -> tuple[int, int]:  # noqa: ANN401 - see `get_driver`
    """Return the size of the database and of its free pages, in bytes."""
    query = (
        "SELECT page_count * page_size, freelist_count * page_size "
        "FROM pragma_page_count, pragma_page_size, pragma_freelist_count"
    )
    ((size, free),) = await driver.execute_fetchall(query)
    return size, free


async def measure_postgresql(driver: Any) -> int:  # noqa: ANN401 - see `get_driver`
    """Return the size of the own tables with their indexes, in bytes."""
    return int(await driver.fetchval(_POSTGRESQL_SIZE, list(_OWN_TABLES)))


async def analyze_postgresql(driver: Any, *, vacuum: bool) -> None:  # noqa: ANN401 - see `get_driver`
    """Collect statistics about the own tables and, if `vacuum` is true, make the space of deleted rows usable again.

    Other commands can read and write meanwhile.
    """
    statement = "VACUUM (ANALYZE)" if vacuum else "ANALYZE"
    for table in _OWN_TABLES:
        await driver.execute(f"{statement} {table}")
