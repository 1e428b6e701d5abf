"""How the database is reached: one engine per run, made from the settings and disposed at its end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from ..settings import Settings
from .failures import translated_failures
from .postgresql import create_postgresql_engine
from .sessions import SessionFactory
from .sqlite import create_sqlite_engine, create_sqlite_migration_engine, refuse_missing
from .urls import SqliteUrl, parse_database_url

__all__ = ["SessionFactory", "open_database", "open_existing_engine", "open_migration_engine"]


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[SessionFactory]:
    """The session factory of the configured database; its failures come out as BlogError."""
    url = parse_database_url(settings.database_url)
    with translated_failures(url):
        if isinstance(url, SqliteUrl):
            engine = create_sqlite_engine(url, timeout=settings.busy_timeout, echo=settings.echo)
        else:
            engine = create_postgresql_engine(url, echo=settings.echo)
        async with _disposed(engine):
            yield SessionFactory(engine)


@asynccontextmanager
async def open_migration_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """An engine for migrations, whatever revision the database is at; its failures come out as BlogError."""
    url = parse_database_url(settings.database_url)
    with translated_failures(url):
        if isinstance(url, SqliteUrl):
            engine = create_sqlite_migration_engine(url, timeout=settings.busy_timeout, echo=settings.echo)
        else:
            engine = create_postgresql_engine(url, echo=settings.echo, any_revision=True)
        async with _disposed(engine):
            yield engine


@asynccontextmanager
async def open_existing_engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """The same for a database that exists: looking at it must not make one."""
    url = parse_database_url(settings.database_url)
    if isinstance(url, SqliteUrl):
        refuse_missing(url)
    async with open_migration_engine(settings) as engine:
        yield engine


@asynccontextmanager
async def _disposed(engine: AsyncEngine) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await engine.dispose()
