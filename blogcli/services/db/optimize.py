"""Optimize a database: collect statistics, merge the search index, and release unused space."""

import shutil
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from ...database.recorded_revision import fetch_recorded_revision
from ...errors import BlogError
from ...repositories.db import maintenance
from ...schemas.db import Optimization


async def optimize(
    engine: AsyncEngine, *, path: Path | None, vacuum: bool = False, dry_run: bool = False
) -> Optimization:
    """Optimize a database, and return its sizes before and after.

    `path` is the file of a SQLite database. If `vacuum` is true, unused space is released as well. A dry run only
    measures. Raises ConfigurationError if the database is not at the newest revision, and BlogError if the disk is too
    full for `vacuum`.
    """
    async with engine.connect() as connection:
        (await fetch_recorded_revision(connection)).verify()
        # The statements cannot run in the transaction that the query has begun.
        await connection.rollback()
        driver = await maintenance.get_driver(connection)
        if path is None:
            return await _optimize_postgresql(driver, vacuum=vacuum, dry_run=dry_run)
        return await _optimize_sqlite(driver, path, vacuum=vacuum, dry_run=dry_run)


async def _optimize_sqlite(driver: object, path: Path, *, vacuum: bool, dry_run: bool) -> Optimization:
    before, free = await maintenance.measure_sqlite(driver)
    wal_before = wal_size(path)
    if vacuum:
        _require_space(path, before)
    if not dry_run:
        await maintenance.analyze_sqlite(driver)
        await maintenance.merge_search_index(driver)
        if vacuum:
            await maintenance.vacuum_sqlite(driver)
        await maintenance.truncate_wal(driver)
    after, free_after = await maintenance.measure_sqlite(driver)
    return Optimization(
        size_before=before,
        size_after=after,
        wal_before=wal_before,
        wal_after=wal_size(path),
        unused=free if dry_run else free_after,
    )


async def _optimize_postgresql(driver: object, *, vacuum: bool, dry_run: bool) -> Optimization:
    before = await maintenance.measure_postgresql(driver)
    if not dry_run:
        await maintenance.analyze_postgresql(driver, vacuum=vacuum)
    return Optimization(size_before=before, size_after=await maintenance.measure_postgresql(driver))


def wal_size(path: Path) -> int:
    """Return the size of the write-ahead log of a SQLite database in bytes, or 0 if there is none."""
    try:
        return Path(f"{path}-wal").stat().st_size
    except OSError:
        return 0


def _require_space(path: Path, size: int) -> None:
    """Raise BlogError if the disk has no room for the two copies that SQLite writes while it vacuums a database."""
    free = shutil.disk_usage(path.parent).free
    if free < 2 * size:
        raise BlogError(
            f"--vacuum needs {2 * size:,} bytes in {path.parent}, but only {free:,} bytes are free",
            hint="Free some space, or run the command without --vacuum.",
        )
