"""From a command to its service and back: the one place that starts an event loop and opens the database."""

import gc
import signal
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from .errors import TerminatedError
from .settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from .database import SessionFactory

P = ParamSpec("P")
D = TypeVar("D")
R = TypeVar("R")


def run(
    settings: Settings,
    service: "Callable[Concatenate[SessionFactory, P], Awaitable[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What the service returns, given a session factory; raises what it raises."""
    from .database import open_database  # noqa: PLC0415 - SQLAlchemy is imported only where a database is opened

    return _complete(open_database(settings), lambda sessions: service(sessions, *args, **kwargs))


def run_migrations(
    settings: Settings,
    service: "Callable[Concatenate[AsyncEngine, P], Awaitable[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What the service returns, given an engine for migrations, which makes the database where there is none."""
    from .database import open_migration_engine  # noqa: PLC0415 - the same

    return _complete(open_migration_engine(settings), lambda engine: service(engine, *args, **kwargs))


def run_inspection(
    settings: Settings,
    service: "Callable[Concatenate[AsyncEngine, P], Awaitable[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What the service returns, given an engine on a database of whatever revision, which must exist."""
    from .database import open_existing_engine  # noqa: PLC0415 - the same

    return _complete(open_existing_engine(settings), lambda engine: service(engine, *args, **kwargs))


def _complete(opening: AbstractAsyncContextManager[D], service: Callable[[D], Awaitable[R]]) -> R:
    import asyncio  # noqa: PLC0415 - help and usage errors do without

    async def main() -> R:
        # SIGTERM cancels the task, as Ctrl-C does, so that its transaction is rolled back.
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        loop.add_signal_handler(signal.SIGTERM, task.cancel if task else loop.stop)
        async with opening as database:
            return await service(database)

    if not gc.isenabled():
        # What was imported stays to the end: the collector, turned on for the work to come, need not look at it.
        gc.freeze()
        gc.enable()
    try:
        return asyncio.run(main())
    except asyncio.CancelledError:
        raise TerminatedError("Terminated") from None
