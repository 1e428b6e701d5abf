"""The sessions and transactions of a command."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncEngine,
    AsyncSession,
    AsyncSessionTransaction,
    async_sessionmaker,
)

from ..settings import Settings
from .failures import CommitState

# The execution options of a transaction that writes. On SQLite, such a transaction begins with a write lock.
WRITE_OPTIONS: Mapping[str, object] = {"writes": True}
# The time in seconds that a cancelled command waits for an answer from the database server.
_GRACE_PERIOD = 3.0


class SessionFactory:
    """Creates database sessions.

    Calling the factory returns a session for reading. The method `begin` yields a session for writing. The journal
    records each transaction that writes as an operation of the command in `settings`.
    """

    def __init__(self, engine: AsyncEngine, commit_state: CommitState, settings: Settings) -> None:
        self._commit_state = commit_state
        self._settings = settings
        self._write_options = {**WRITE_OPTIONS, "origin": settings.command}
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        # The engine for several hosts of PostgreSQL provides another engine, which connects to the primary server.
        writing_engine = engine.get_execution_options().get("writing_engine", engine)
        self._writing_sessions = async_sessionmaker(writing_engine, expire_on_commit=False)
        # The engine for PostgreSQL provides a function that closes all connections without waiting for the server.
        self._drop_connections: Callable[[], None] = engine.get_execution_options().get("drop_connections", _do_nothing)

    @property
    def outcome(self) -> str:
        """The clause, appended to an error message, that says whether changes were committed."""
        return self._commit_state.outcome

    @property
    def has_committed(self) -> bool:
        """Whether changes were committed."""
        return self._commit_state.is_committed

    def __call__(self) -> AsyncSession:
        """Return a session for reading. The session is an async context manager."""
        return self._sessions()

    def read_primary(self) -> AsyncSession:
        """Return a session for reading from the primary server, if the database has several servers."""
        return self._writing_sessions()

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:
        """Yield a session in a transaction, which is committed at the end of the block.

        On a dry run or after an exception, the transaction is rolled back instead. If the command is cancelled and the
        server does not answer for a few seconds, the connection is dropped. Raises NotPermittedError if the setting
        read_only forbids changes, unless `dry_run` is set, and TryAgainError if it is unknown whether the transaction
        was committed.
        """
        if not dry_run:
            self._settings.refuse_writes()
        session = self._writing_sessions(execution_options=self._write_options)
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
                # No commit was requested, so the server rolls back the transaction. The error being handled is only a
                # consequence: the connection was dropped in response to the cancellation. Therefore only the
                # cancellation is reported.
                raise asyncio.CancelledError from None
            raise
        finally:
            await server.finish(session.close())


class JoinedSessionFactory(SessionFactory):
    """Creates sessions that take part in an open transaction.

    The owner of the transaction commits it, or rolls it back if a service raises an exception.
    """

    def __init__(self, transaction: AsyncConnection, commit_state: CommitState, settings: Settings) -> None:
        super().__init__(transaction.engine, commit_state, settings)
        self._sessions = async_sessionmaker(transaction, expire_on_commit=False, join_transaction_mode="rollback_only")
        self._writing_sessions = self._sessions

    @asynccontextmanager
    async def begin(self, *, dry_run: bool = False) -> AsyncIterator[AsyncSession]:
        """Yield a session whose changes are not committed. A dry run rolls back only its own changes.

        Raises NotPermittedError if the setting read_only forbids changes, unless `dry_run` is set.
        """
        if not dry_run:
            self._settings.refuse_writes()
        async with self._sessions() as session:
            savepoint = await session.begin_nested() if dry_run else None
            yield session
            # The flush sends the changes to the database, so that the following commands see them.
            await session.flush()
            if savepoint:
                await savepoint.rollback()


async def run_to_completion(
    coroutine: Coroutine[Any, Any, None], *, on_cancel: Callable[[], None] | None = None
) -> None:
    """Await a coroutine until it ends, even if the current task is cancelled in the meantime.

    Cancellations are ignored, so that a successful commit is not reported as cancelled. `on_cancel` is called for each
    cancellation.
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
    """Limits how long a cancelled command waits for the database server.

    After the grace period, the server is abandoned: its connections are dropped without waiting for an answer.
    """

    def __init__(self, drop_connections: Callable[[], None]) -> None:
        self.is_abandoned = False
        self.is_committing = False
        self._drop_connections = drop_connections
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def abandon_after_cancellation(self) -> Iterator[None]:
        """Start the grace period if the block is cancelled. The server is abandoned when the grace period ends."""
        try:
            yield
        except asyncio.CancelledError:
            self._start_timer()
            raise

    async def commit(self, transaction: AsyncSessionTransaction) -> None:
        """Commit a transaction. After a cancellation, continue to wait for the end of the commit."""
        self.is_committing = True
        await run_to_completion(transaction.commit(), on_cancel=self._start_timer)
        self.is_committing = False

    async def finish(self, closing: Coroutine[Any, Any, None]) -> None:
        """Await `closing`, which closes the session.

        If the current task is cancelled meanwhile, keep waiting until `closing` has finished.
        """
        try:
            await run_to_completion(closing, on_cancel=self._start_timer)
        except Exception:
            # If the connection was dropped, closing the session fails. This error is ignored.
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
