"""A database that several commands use one after another, with one event loop and one connection."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from .settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from .database import SessionFactory

R = TypeVar("R")


class SharedDatabase:
    """Keeps an event loop and a connection open for several commands.

    The database is opened when the first command uses it. If `is_atomic` is set, all commands take part in one
    transaction, which the journal records as an operation of the command in `settings`. The transaction ends when
    `commit` or `roll_back` is called.
    """

    def __init__(self, settings: Settings, *, is_atomic: bool = False) -> None:
        self._settings = settings
        self._is_atomic = is_atomic
        self._loop = asyncio.Runner()
        self._resources = AsyncExitStack()
        self._engine: AsyncEngine | None = None
        self._transaction: AsyncConnection | None = None

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine in the event loop, and return its result."""
        return self._loop.run(coroutine)

    @asynccontextmanager
    async def open(self, settings: Settings) -> "AsyncIterator[SessionFactory]":
        """Yield the session factory of the command in `settings`, whose database must be the shared database.

        Raises ConfigurationError if the database does not exist or is not at the revision that the code requires.
        Errors of the driver inside the block are raised as BlogError.
        """
        from .database import open_sessions, open_shared_engine  # noqa: PLC0415 - SQLAlchemy is imported only when a database is opened

        if self._engine is None:
            self._engine = await self._resources.enter_async_context(open_shared_engine(self._settings))
        if self._is_atomic and self._transaction is None:
            with open_sessions(self._engine, self._settings) as sessions:
                session = await self._resources.enter_async_context(sessions.begin())
                self._transaction = await session.connection()
        with open_sessions(self._engine, settings, transaction=self._transaction) as sessions:
            yield sessions

    async def commit(self) -> None:
        """Commit the transaction of all commands, if there is one, and close the connection."""
        await self._resources.aclose()

    async def roll_back(self) -> None:
        """Roll back the transaction of all commands, unless it was committed, and close the connection."""
        # After a cancellation, the transaction ends even if the server does not answer.
        with suppress(asyncio.CancelledError):
            async with self._resources:
                raise asyncio.CancelledError

    def close(self) -> None:
        """Close the event loop."""
        self._loop.close()
