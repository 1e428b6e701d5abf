"""Open the configured database. Each command creates an engine, and disposes of the engine when the command ends."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib import import_module
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..enums import IfMissing
from ..settings import Settings
from ..urls import SqliteUrl, parse_database_url
from .failures import SCHEMA_RIGHTS, TABLE_RIGHTS, CommitState, translate_errors
from .sessions import JoinedSessionFactory, SessionFactory, run_to_completion

__all__ = [
    "SessionFactory",
    "open_database",
    "open_existing_engine",
    "open_migration_engine",
    "open_scratch_engine",
    "open_sessions",
    "open_shared_engine",
]


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[SessionFactory]:
    """Yield the session factory of the configured database.

    The first query raises ConfigurationError if the database is not at the revision that the code requires, or if the
    file of a SQLite database does not exist. Driver errors inside the block are raised as BlogError.
    """
    commit_state = CommitState()
    async with _open_engine(settings, "create_engine", commit_state) as engine:
        yield SessionFactory(engine, commit_state, settings)


@asynccontextmanager
async def open_shared_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Yield an engine that keeps its connection open, for several commands that use the same database.

    Raises ConfigurationError if the database does not exist or is not at the revision that the code requires. Errors of
    the driver inside the block are raised as BlogError.
    """
    async with _open_engine(settings, "create_engine", CommitState(), keeps_connection=True) as engine:
        yield engine


@contextmanager
def open_sessions(
    engine: AsyncEngine, settings: Settings, *, transaction: AsyncConnection | None = None
) -> Iterator[SessionFactory]:
    """Yield the session factory of one of several commands that use the same engine.

    If `transaction` is the connection of an open transaction, the command takes part in this transaction. Errors of the
    driver inside the block are raised as BlogError.
    """
    commit_state = CommitState()
    with translate_errors(parse_database_url(settings.database_url), commit_state):
        if transaction is None:
            yield SessionFactory(engine, commit_state, settings)
        else:
            yield JoinedSessionFactory(transaction, commit_state, settings)


@asynccontextmanager
async def open_existing_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Yield an engine for an existing database, which may be at any revision.

    Driver errors inside the block are raised as BlogError.
    """
    async with _open_engine(settings, "create_inspection_engine", CommitState()) as engine:
        yield engine


@asynccontextmanager
async def open_migration_engine(
    settings: Settings, *, if_missing: IfMissing = IfMissing.CREATE, dry_run: bool = False
) -> AsyncIterator[AsyncEngine]:
    """Yield an engine for migrations. The database may be at any revision.

    `if_missing` decides what happens if the file of a SQLite database does not exist. `dry_run` says that the caller
    rolls back all changes. Driver errors inside the block are raised as BlogError. Raises NotPermittedError if the
    setting read_only forbids changes, unless `dry_run` is set.
    """
    if not dry_run:
        settings.refuse_writes()
    async with _open_engine(settings, "create_migration_engine", CommitState(), if_missing=if_missing) as engine:
        # The journal records the command that changes rows by a migration.
        engine.update_execution_options(origin=settings.command)
        yield engine


@asynccontextmanager
async def open_scratch_engine(settings: Settings, *, page_size: int | None = None) -> AsyncIterator[AsyncEngine]:
    """Yield an engine for migrations of an empty temporary SQLite database, which is deleted at the end of the block.

    `page_size` is the size of its pages in bytes, or None for the default size. Driver errors inside the block are
    raised as BlogError.
    """
    from .sqlite_backup import create_engine  # noqa: PLC0415 - on PostgreSQL, other commands do not import the driver

    with translate_errors(SqliteUrl(Path("temporary database")), CommitState()):
        engine = create_engine(settings, page_size)
        try:
            engine.update_execution_options(origin=settings.command)
            yield engine
        finally:
            await run_to_completion(engine.dispose())


@asynccontextmanager
async def _open_engine(
    settings: Settings, create: str, commit_state: CommitState, **options: object
) -> AsyncIterator[AsyncEngine]:
    url = parse_database_url(settings.database_url, connect_timeout=settings.connect_timeout)
    # Importing a driver takes as long as a short query, so only the driver in use is imported.
    driver = import_module(".sqlite" if isinstance(url, SqliteUrl) else ".postgresql", __name__)
    rights = SCHEMA_RIGHTS if create == "create_migration_engine" else TABLE_RIGHTS
    with translate_errors(url, commit_state, rights=rights):
        engine: AsyncEngine = getattr(driver, create)(url, settings, **options)
        try:
            yield engine
        finally:
            # A cancellation is ignored while the engine is closed, so that committed changes are not reported as
            # cancelled.
            await run_to_completion(_dispose(engine))


async def _dispose(engine: AsyncEngine) -> None:
    await engine.dispose()
    writing_engine: AsyncEngine | None = engine.get_execution_options().get("writing_engine")
    if writing_engine:
        await writing_engine.dispose()
