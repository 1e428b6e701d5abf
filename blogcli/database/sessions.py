"""One session per command."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

# SQLite must know at the start of a transaction that it is going to write.
WRITE_OPTIONS = {"writes": True}


class SessionFactory:
    """What every service is given: `sessions()` to read, `sessions.begin()` to write."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)

    def __call__(self) -> AsyncSession:
        """A session to read with; use it as an async context manager."""
        return self._sessions()

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:
        """A session in a transaction: committed at the end, rolled back on any exception, and always on a dry run."""
        session = self._sessions(execution_options=WRITE_OPTIONS)
        try:
            async with session.begin() as transaction:
                yield session
                # Constraints must have their say on a dry run too.
                await session.flush()
                await (transaction.rollback() if dry_run else to_the_end(transaction.commit()))
        finally:
            await to_the_end(session.close())


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait until the work is done, even when cancelled: what is committed must not be reported as rolled back."""
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
    task.result()
