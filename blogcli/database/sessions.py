"""One session per command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, AsyncSessionTransaction, async_sessionmaker

from ..errors import TryAgainError
from .failures import Work

# SQLite must know at the start of a transaction that it is going to write.
WRITE_OPTIONS = {"writes": True}
# Seconds that a command that is to end waits for the database server.
_GRACE = 3.0


class SessionFactory:
    """What every service is given: `sessions()` to read, `sessions.begin()` to write."""

    def __init__(self, engine: AsyncEngine, work: Work) -> None:
        self._work = work
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        # An engine on a server has a function that drops its connections without waiting for an answer.
        self._drop_connections: Callable[[], None] = engine.get_execution_options().get("drop_connections", _do_nothing)

    @property
    def outcome(self) -> str:
        """What became of the changes so far, in words that a message can end with."""
        return self._work.outcome

    def __call__(self) -> AsyncSession:
        """A session to read with; use it as an async context manager."""
        return self._sessions()

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:
        """A session in a transaction: committed at the end, rolled back on any exception, and always on a dry run.

        A command that is cancelled ends even if the server no longer answers. Raises TryAgainError if it is then
        unknown whether the transaction was committed.
        """
        session = self._sessions(execution_options=WRITE_OPTIONS)
        server = _Server(self._drop_connections)
        try:
            async with session.begin() as transaction:
                with server.left_on_cancellation():
                    yield session
                    # Constraints must have their say on a dry run too.
                    await session.flush()
                await (transaction.rollback() if dry_run else server.commit(transaction))
                self._work.is_committed = self._work.is_committed or not dry_run
        except Exception:
            if server.is_left and not server.is_committing:
                # The server rolls back what it was never told to commit.
                raise asyncio.CancelledError from None
            raise
        finally:
            await server.finish(session.close())


async def to_the_end(work: Coroutine[Any, Any, None], *, on_cancel: Callable[[], None] | None = None) -> None:
    """Wait until the work is done, even when cancelled: what is committed must not be reported as rolled back."""
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
            if on_cancel:
                on_cancel()
    task.result()


class _Server:
    """The server, as long as it answers to a command that is to end; then its connections are dropped."""

    def __init__(self, drop_connections: Callable[[], None]) -> None:
        self.is_left = False
        self.is_committing = False
        self._drop_connections = drop_connections
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def left_on_cancellation(self) -> Iterator[None]:
        """Leave the server after the grace period if the block is cancelled."""
        try:
            yield
        except asyncio.CancelledError:
            self._start_to_leave()
            raise

    async def commit(self, transaction: AsyncSessionTransaction) -> None:
        """Commit, whoever cancels it: what is committed must not be said to be rolled back."""
        self.is_committing = True
        try:
            await to_the_end(transaction.commit(), on_cancel=self._start_to_leave)
        except Exception as error:
            if not self.is_left:
                raise
            raise TryAgainError(
                "The outcome of the commit is unknown: the server did not answer before the command was ended",
                hint="Check what was done before you run it again.",
            ) from error
        self.is_committing = False

    async def finish(self, closing: Coroutine[Any, Any, None]) -> None:
        """Close the session, whoever cancels it."""
        try:
            await to_the_end(closing, on_cancel=self._start_to_leave)
        except Exception:
            # There is nothing to be closed in order on a connection that was dropped.
            if not self.is_left:
                raise
        finally:
            if self._timer:
                self._timer.cancel()

    def _start_to_leave(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_GRACE, self._leave)

    def _leave(self) -> None:
        self.is_left = True
        self._drop_connections()


def _do_nothing() -> None:
    """SQLite waits for no server."""
