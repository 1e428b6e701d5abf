"""Run services for commands: start an event loop, open the database, and cancel the service on a signal."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from .enums import IfMissing
from .errors import InvalidError
from .settings import Settings
from .signals import Cancellation, raising_on_termination

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from .database import SessionFactory
    from .shared_database import SharedDatabase

P = ParamSpec("P")
Database = TypeVar("Database")
R = TypeVar("R")


def run(
    settings: Settings,
    service: "Callable[Concatenate[SessionFactory, P], Awaitable[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Call a service with a session factory, and return the result of the service.

    If the service has committed changes, SIGTERM, SIGHUP and Ctrl-C are ignored afterwards, so that the command ends
    with exit code 0. The function must therefore be called in a block of `restoring_signals`. The commands of a batch
    do not ignore signals.

    Raises the exception of the service, or InvalidError if invalid values in the database caused the exception.
    """

    async def call_service(sessions: "SessionFactory") -> R:
        try:
            return await service(sessions, *args, **kwargs)
        except Exception as error:
            await _raise_invalid_values(sessions, error)
            raise

    def has_committed(sessions: "SessionFactory") -> bool:
        return sessions.has_committed and not settings.shared_database

    return _complete(_open(settings), call_service, shared=settings.shared_database, has_committed=has_committed)


def run_migrations(
    settings: Settings,
    service: "Callable[[AsyncEngine], Awaitable[R]]",
    *,
    if_missing: IfMissing,
    dry_run: bool = False,
) -> R:
    """Call a service with an engine for migrations, and return the result of the service.

    If `dry_run` is set, the service must roll back its changes. The function must be called in a block of
    `restoring_signals`, because the function makes the process ignore SIGTERM, SIGHUP and Ctrl-C after the service has
    committed its changes.
    """
    from .database import open_migration_engine  # noqa: PLC0415 - SQLAlchemy is imported only when a database is opened

    opening = open_migration_engine(settings, if_missing=if_missing, dry_run=dry_run)
    return _complete(opening, service, has_committed=lambda _: True)


def run_inspection(
    settings: Settings,
    service: "Callable[Concatenate[AsyncEngine, P], Awaitable[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Call a service with an engine on an existing database of any revision, and return the result of the service."""
    from .database import open_existing_engine  # noqa: PLC0415 - SQLAlchemy is imported only when a database is opened

    return _complete(open_existing_engine(settings), lambda engine: service(engine, *args, **kwargs))


def run_alone(service: Callable[P, Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a service that does not use the configured database, and return the result of the service."""
    return _complete(nullcontext(None), lambda _: service(*args, **kwargs))


def stream(
    settings: Settings,
    service: "Callable[Concatenate[SessionFactory, P], AsyncIterator[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> Iterator[R]:
    """Yield the items that a service yields, and keep the database open until the end of the iteration.

    The database is closed after the last item, or when the caller closes the iterator.
    """
    import asyncio  # noqa: PLC0415 - help and usage errors do not need asyncio

    async def step() -> None:
        # When asyncio restores the handler of Ctrl-C, it calls repr() for the result of the task. For a large item,
        # this call takes long. So the item is stored in a list, and the task has no result.
        cancellation.cancel_current_task()
        items.append(await anext(iterator))

    items: list[R] = []
    cancellation = Cancellation()
    iterator = _items(settings, service, *args, **kwargs)
    _enable_collector()
    with nullcontext(settings.shared_database) if settings.shared_database else asyncio.Runner() as runner:
        try:
            while True:
                with cancellation.restored_handlers():
                    runner.run(step())
                with raising_on_termination():
                    yield items.pop()
        except StopAsyncIteration:
            return
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise cancellation.error() from None
        finally:
            runner.run(iterator.aclose())  # type: ignore[attr-defined]  # services that stream are generators, which have aclose()


async def _items(
    settings: Settings,
    service: "Callable[Concatenate[SessionFactory, P], AsyncIterator[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> AsyncIterator[R]:
    async with _open(settings) as sessions:
        try:
            async for item in service(sessions, *args, **kwargs):
                yield item
        except Exception as error:
            await _raise_invalid_values(sessions, error)
            raise


async def _raise_invalid_values(sessions: "SessionFactory", error: Exception) -> None:
    """Raise InvalidError if invalid values that another program wrote to the database caused `error`."""
    from .repositories.invalid_values import first_invalid_values, may_be_caused_by_invalid_value  # noqa: PLC0415 - only failures need this module

    if not may_be_caused_by_invalid_value(error):
        return
    faults: list[str] = []
    with suppress(Exception):
        async with sessions() as session:
            faults = await first_invalid_values(session)
    if faults:
        raise InvalidError("; ".join(faults), hint="Run `blogcli db check` to list all invalid values.") from error


@contextmanager
def share_database(settings: Settings, *, is_atomic: bool = False) -> "Iterator[SharedDatabase]":
    """Yield a database that several commands use, and close it at the end of the block.

    If `is_atomic` is set, all commands take part in one transaction, which is rolled back at the end of the block
    unless `commit_shared` was called.
    """
    from .shared_database import SharedDatabase  # noqa: PLC0415 - help and usage errors do not need asyncio

    database = SharedDatabase(settings, is_atomic=is_atomic)
    try:
        yield database
    finally:
        try:
            _finish(database, database.roll_back)
        finally:
            database.close()


def commit_shared(database: "SharedDatabase") -> None:
    """Commit the transaction of all commands that have used a shared database, if there is one, and ignore signals."""
    _finish(database, database.commit, ignores_signals=True)


def _finish(database: "SharedDatabase", end: Callable[[], Awaitable[None]], *, ignores_signals: bool = False) -> None:
    """End the transaction of a shared database by calling `end`."""
    import asyncio  # noqa: PLC0415 - help and usage errors do not need asyncio

    cancellation = Cancellation()

    async def main() -> None:
        cancellation.cancel_current_task()
        await end()
        if ignores_signals:
            cancellation.hold_signals()

    try:
        with cancellation.restored_handlers():
            database.run(main())
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise cancellation.error("nothing was changed") from None


def _open(settings: Settings) -> "AbstractAsyncContextManager[SessionFactory]":
    """Return a context manager that yields the session factory of the configured or of the shared database."""
    if settings.shared_database:
        return settings.shared_database.open(settings)
    from .database import open_database  # noqa: PLC0415 - SQLAlchemy is imported only when a database is opened

    return open_database(settings)


def _complete(
    opening: AbstractAsyncContextManager[Database],
    service: Callable[[Database], Awaitable[R]],
    *,
    shared: "SharedDatabase | None" = None,
    has_committed: Callable[[Database], bool] = lambda _: False,
) -> R:
    """Open a database, call a service with it, and return the result.

    If `has_committed` returns True after the service has ended, signals are ignored from then on.
    """
    import asyncio  # noqa: PLC0415 - help and usage errors do not need asyncio

    outcome = "nothing was changed"
    cancellation = Cancellation()

    async def main() -> R:
        nonlocal outcome
        cancellation.cancel_current_task()
        async with opening as database:
            try:
                result = await service(database)
            finally:
                outcome = getattr(database, "outcome", "")
            if has_committed(database):
                cancellation.hold_signals()
            return result

    _enable_collector()
    try:
        with cancellation.restored_handlers():
            return shared.run(main()) if shared else asyncio.run(main())
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise cancellation.error(outcome) from None


def _enable_collector() -> None:
    if not gc.isenabled():
        # gc.freeze excludes the objects of imported modules from garbage collection, because they are never freed (see
        # docs/decisions/0003).
        gc.freeze()
        gc.enable()
