"""The sessions and transactions of a command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, AsyncSessionTransaction, async_sessionmaker

from ..errors import TryAgainError
from .failures import CommitState

# The execution options of a transaction that writes. On SQLite, such a transaction begins with a write lock.
WRITE_OPTIONS = {"writes": True}
# The time in seconds that a cancelled command waits for an answer of the database server.
_GRACE_PERIOD = 3.0


class SessionFactory:
    """Creates sessions. Services call `sessions()` for reading, and `sessions.begin()` for writing."""

    def __init__(self, engine: AsyncEngine, commit_state: CommitState) -> None:
        self._commit_state = commit_state
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        # The engine for PostgreSQL has a function that closes its connections without waiting for an answer.
        self._drop_connections: Callable[[], None] = engine.get_execution_options().get("drop_connections", _do_nothing)

    @property
    def outcome(self) -> str:
        """The outcome of the changes so far, as a clause at the end of a message."""
        return self._commit_state.outcome

    def __call__(self) -> AsyncSession:
        """Return a session for reading, to be used as an async context manager."""
        return self._sessions()

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:
        """Yield a session in a transaction, which is committed at the end of the block.

        The transaction is rolled back on a dry run and after an exception. A cancelled command ends even if the server
        does not answer. Raises TryAgainError if it is unknown whether the transaction was committed.
        """
        session = self._sessions(execution_options=WRITE_OPTIONS)
        server = _Server(self._drop_connections)
        try:
            async with session.begin() as transaction:
                with server.abandon_after_cancellation():
                    yield session
                    # The flush sends the changes to the database, so that a dry run also checks the constraints.
                    await session.flush()
                await (transaction.rollback() if dry_run else server.commit(transaction))
                self._commit_state.is_committed = self._commit_state.is_committed or not dry_run
        except Exception:
            if server.is_abandoned and not server.is_committing:
                # No commit was requested, so the server rolls back the transaction. The command was only cancelled.
                raise asyncio.CancelledError from None
            raise
        finally:
            await server.finish(session.close())


async def run_to_completion(
    coroutine: Coroutine[Any, Any, None], *, on_cancel: Callable[[], None] | None = None
) -> None:
    """Await a coroutine to its end, even if the current task is cancelled.

    A commit is therefore not reported as rolled back. `on_cancel` is called for each cancellation.
    """
    task = asyncio.ensure_future(coroutine)
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
    """Abandons the database server if it does not answer in time after a cancellation."""

    def __init__(self, drop_connections: Callable[[], None]) -> None:
        self.is_abandoned = False
        self.is_committing = False
        self._drop_connections = drop_connections
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def abandon_after_cancellation(self) -> Iterator[None]:
        """Start the grace period if the block is cancelled. The server is abandoned at the end of this period."""
        try:
            yield
        except asyncio.CancelledError:
            self._start_timer()
            raise

    async def commit(self, transaction: AsyncSessionTransaction) -> None:
        """Commit a transaction, and wait for the end of the commit even after a cancellation.

        Raises TryAgainError if the server was abandoned before it answered.
        """
        self.is_committing = True
        try:
            await run_to_completion(transaction.commit(), on_cancel=self._start_timer)
        except Exception as error:
            if not self.is_abandoned:
                raise
            raise TryAgainError(
                "The outcome of the commit is unknown: the server did not answer before the command was ended",
                hint="Check whether the changes were made, then run the command again.",
            ) from error
        self.is_committing = False

    async def finish(self, closing: Coroutine[Any, Any, None]) -> None:
        """Await `closing`, which closes the session, even after a cancellation."""
        try:
            await run_to_completion(closing, on_cancel=self._start_timer)
        except Exception:
            # After the connection was dropped, closing the session fails, and the error is ignored.
            if not self.is_abandoned:
                raise
        finally:
            if self._timer:
                self._timer.cancel()

    def _start_timer(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_GRACE_PERIOD, self._abandon)

    def _abandon(self) -> None:
        self.is_abandoned = True
        self._drop_connections()


def _do_nothing() -> None:
    """Do nothing, because SQLite has no server."""
