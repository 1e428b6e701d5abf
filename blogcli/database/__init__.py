"""How the database is reached: one engine per run, made from the settings and disposed at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

from sqlalchemy.ext.asyncio import AsyncEngine

from ..enums import IfMissing
from ..settings import Settings
from ..urls import SqliteUrl, parse_database_url
from .failures import Work, translated_failures
from .sessions import SessionFactory, to_the_end

__all__ = ["SessionFactory", "open_database", "open_existing_engine", "open_migration_engine"]


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[SessionFactory]:
    """The session factory of the configured database, which must exist and be at the code's revision.

    Raises ConfigurationError where it is not; all failures of the driver inside come out as BlogError.
    """
    work = Work()
    async with _opened(settings, "create_engine", work) as engine:
        yield SessionFactory(engine, work)


@asynccontextmanager
async def open_existing_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine on a database of whatever revision; failures come out as BlogError."""
    async with _opened(settings, "create_inspection_engine", Work()) as engine:
        yield engine


@asynccontextmanager
async def open_migration_engine(
    settings: Settings, *, if_missing: IfMissing = IfMissing.CREATE
) -> AsyncIterator[AsyncEngine]:
    """Yield an engine for migrations, on a database of whatever revision; failures come out as BlogError."""
    async with _opened(settings, "create_migration_engine", Work(), if_missing=if_missing) as engine:
        yield engine


@asynccontextmanager
async def _opened(settings: Settings, create: str, work: Work, **how: object) -> AsyncIterator[AsyncEngine]:
    url = parse_database_url(settings.database_url)
    # Each driver costs as much to import as a short query to run: only the one in use is imported.
    driver = import_module(".sqlite" if isinstance(url, SqliteUrl) else ".postgresql", __name__)
    with translated_failures(url, work):
        engine: AsyncEngine = getattr(driver, create)(url, settings, **how)
        try:
            yield engine
        finally:
            # Whoever ends the command here must not make it look as if its work were undone.
            await to_the_end(engine.dispose())
