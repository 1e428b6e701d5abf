"""Sessions and transactions of a command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, AsyncSessionTransaction, async_sessionmaker

from ..errors import TryAgainError
from .failures import CommitState

# These options mark a transaction that writes, which SQLite must know when it begins.
WRITE_OPTIONS = {"writes": True}
# The time in seconds that a cancelled command waits for the database server.
_GRACE_PERIOD = 3.0


class SessionFactory:
    """Creates the sessions of a service: `sessions()` for reading, and `sessions.begin()` for writing."""

    def __init__(self, engine: AsyncEngine, commit_state: CommitState) -> None:
        self._commit_state = commit_state
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        # An engine on a server has a function that closes its connections without waiting for an answer.
        self._drop_connections: Callable[[], None] = engine.get_execution_options().get("drop_connections", _do_nothing)

    @property
    def outcome(self) -> str:
        """The outcome of the changes so far, as the end of a message."""
        return self._commit_state.outcome

    def __call__(self) -> AsyncSession:
        """Return a session for reading, to be used as an async context manager."""
        return self._sessions()

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:
        """Yield a session in a transaction, which is committed at the end of the block.

        The transaction is rolled back on a dry run and after an exception. A cancelled command ends even if the server
        no longer answers. Raises TryAgainError if it is unknown whether the transaction was committed.
        """
        session = self._sessions(execution_options=WRITE_OPTIONS)
        server = _Server(self._drop_connections)
        try:
            async with session.begin() as transaction:
                with server.abandon_after_cancellation():
                    yield session
                    # A flush checks the constraints, which a dry run must check too.
                    await session.flush()
                await (transaction.rollback() if dry_run else server.commit(transaction))
                self._commit_state.is_committed = self._commit_state.is_committed or not dry_run
        except Exception:
            if server.is_abandoned and not server.is_committing:
                # The server rolls back a transaction that it was not asked to commit.
                raise asyncio.CancelledError from None
            raise
        finally:
            await server.finish(session.close())


async def run_to_completion(
    coroutine: Coroutine[Any, Any, None], *, on_cancel: Callable[[], None] | None = None
) -> None:
    """Await a coroutine to its end even if this task is cancelled, so that a commit is not reported as rolled back.

    Each cancellation calls `on_cancel`.
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
        """Abandon the server after the grace period if the block is cancelled."""
        try:
            yield
        except asyncio.CancelledError:
            self._start_timer()
            raise

    async def commit(self, transaction: AsyncSessionTransaction) -> None:
        """Commit a transaction to its end, even after a cancellation.

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
        """Close the session to its end, even after a cancellation."""
        try:
            await run_to_completion(closing, on_cancel=self._start_timer)
        except Exception:
            # Closing a session fails after its connection was dropped.
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
