"""From a command to its service and back: the one place that starts an event loop and opens the database."""

import gc
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager, suppress
from typing import TYPE_CHECKING, Concatenate, NoReturn, ParamSpec, TypeVar

from .enums import IfMissing
from .errors import BlogError, CancelledByUserError, InvalidError, TerminatedError
from .settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from .database import SessionFactory

# By which others end a command: a person with kill, a terminal that is closed.
_ENDING = (signal.SIGTERM, signal.SIGHUP)
# Seconds that a command that is ended has to roll back before another Ctrl-C interrupts that, too.
_GRACE = 5.0

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

    async def explained(sessions: "SessionFactory") -> R:
        try:
            return await service(sessions, *args, **kwargs)
        except Exception as error:
            await _blame_odd_values(sessions, error)
            raise

    return _complete(open_database(settings), explained)


def run_migrations(
    settings: Settings,
    service: "Callable[[AsyncEngine], Awaitable[R]]",
    *,
    if_missing: IfMissing,
) -> R:
    """Return what the service returns, given an engine for migrations; to be called inside `finishing`."""
    from .database import open_migration_engine  # noqa: PLC0415 - the same

    async def finish(engine: "AsyncEngine") -> R:
        result = await service(engine)
        # What is committed must not end with the exit code of what was rolled back, whatever arrives from here on. A
        # mask, because the event loop puts back the handlers that end a command when it is closed.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        return result

    result = _complete(open_migration_engine(settings, if_missing=if_missing), finish)
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    return result


def run_inspection(
    settings: Settings,
    service: "Callable[Concatenate[AsyncEngine, P], Awaitable[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """What the service returns, given an engine on a database of whatever revision, which must exist."""
    from .database import open_existing_engine  # noqa: PLC0415 - the same

    return _complete(open_existing_engine(settings), lambda engine: service(engine, *args, **kwargs))


def stream(
    settings: Settings,
    service: "Callable[Concatenate[SessionFactory, P], AsyncIterator[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> Iterator[R]:
    """What the service yields, each as it comes; the database is closed behind the last, or when the caller stops."""
    import asyncio  # noqa: PLC0415 - help and usage errors do without

    async def step() -> None:
        # Not as the result of the task: asyncio writes that out, whole, when it restores the handler of Ctrl-C.
        _cancel_when_ended(ended_by)
        found.append(await anext(opened))

    found: list[R] = []
    ended_by: list[int] = []
    opened = _items(settings, service, *args, **kwargs)
    _begin_work()
    with asyncio.Runner() as runner:
        try:
            while True:
                with _restored_handlers():
                    runner.run(step())
                with ended_in_order():
                    yield found.pop()
        except StopAsyncIteration:
            return
        except (asyncio.CancelledError, KeyboardInterrupt):
            raise _ended(ended_by) from None
        finally:
            runner.run(opened.aclose())  # type: ignore[attr-defined]


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Let SIGTERM, and SIGHUP where nobody ignores it, raise TerminatedError inside, so that no files are left over."""
    numbers = [each for each in _ENDING if signal.getsignal(each) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _raise)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def finishing() -> Iterator[None]:
    """Let a command report inside what `run_migrations` committed, and put back the handlers that it sets then."""
    before = {number: signal.getsignal(number) for number in _ENDING}
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        for number, handler in before.items():
            signal.signal(number, handler)


async def _items(
    settings: Settings,
    service: "Callable[Concatenate[SessionFactory, P], AsyncIterator[R]]",
    *args: P.args,
    **kwargs: P.kwargs,
) -> AsyncIterator[R]:
    from .database import open_database  # noqa: PLC0415 - the same

    async with open_database(settings) as sessions:
        try:
            async for item in service(sessions, *args, **kwargs):
                yield item
        except Exception as error:
            await _blame_odd_values(sessions, error)
            raise


async def _blame_odd_values(sessions: "SessionFactory", error: Exception) -> None:
    """Raise InvalidError where an unexpected failure comes from values in the database that blogcli did not write."""
    from .repositories.values import is_unexpected, some_odd_values  # noqa: PLC0415 - only for failures

    if not is_unexpected(error):
        return
    faults: list[str] = []
    with suppress(Exception):
        async with sessions() as session:
            faults = await some_odd_values(session)
    if faults:
        raise InvalidError("; ".join(faults), hint="`blogcli db check` names all such values.") from error


def _complete(opening: AbstractAsyncContextManager[D], service: Callable[[D], Awaitable[R]]) -> R:
    import asyncio  # noqa: PLC0415 - the same

    outcome = "nothing was changed"
    ended_by: list[int] = []

    async def main() -> R:
        nonlocal outcome
        _cancel_when_ended(ended_by)
        async with opening as database:
            try:
                return await service(database)
            finally:
                outcome = getattr(database, "outcome", "")

    _begin_work()
    try:
        with _restored_handlers():
            return asyncio.run(main())
    except (asyncio.CancelledError, KeyboardInterrupt):
        raise _ended(ended_by, outcome) from None


def _raise(number: int, _: object) -> NoReturn:
    # What is put in order is not interrupted once more.
    signal.signal(number, signal.SIG_IGN)
    raise TerminatedError("Terminated")


def _begin_work() -> None:
    if not gc.isenabled():
        # What was imported stays to the end: the collector, turned on for the work to come, need not look at it.
        gc.freeze()
        gc.enable()


def _cancel_when_ended(ended_by: list[int]) -> None:
    """Let the first signal that ends a command cancel the current task, and note its number in `ended_by`.

    The task is cancelled once only: a second signal would interrupt the rollback that the first one led to.
    """
    import asyncio  # noqa: PLC0415 - the same

    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    first = 0.0

    def cancel(number: int, _: object) -> None:
        nonlocal first
        if task is None or task.done():
            return
        if not ended_by:
            ended_by.append(number)
            first = time.monotonic()
            loop.call_soon_threadsafe(task.cancel)
        elif number == signal.SIGINT and time.monotonic() > first + _GRACE:
            raise KeyboardInterrupt

    for number in (*_ENDING, signal.SIGINT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, cancel)


def _ended(ended_by: list[int], outcome: str = "") -> BlogError:
    """Return the error of a command that the first of these signals ended, or Ctrl-C if none of them was caught."""
    consequence = f"; {outcome}" if outcome else ""
    if ended_by and ended_by[0] != signal.SIGINT:
        return TerminatedError(f"Terminated{consequence}")
    return CancelledByUserError(f"Interrupted{consequence}")


@contextmanager
def _restored_handlers() -> Iterator[None]:
    """Put back, behind an event loop, who is told of signals outside of it."""
    before = {number: signal.getsignal(number) for number in (*_ENDING, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            # None where another library than Python's has set it.
            if handler is not None:
                signal.signal(number, handler)
