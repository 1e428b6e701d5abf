"""One session per command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
        async with self._sessions(execution_options=WRITE_OPTIONS) as session, session.begin() as transaction:
            yield session
            if dry_run:
                # Constraints must have their say on a dry run too.
                await session.flush()
                await transaction.rollback()
