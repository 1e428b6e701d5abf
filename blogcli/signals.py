"""Signal handlers that let a command roll back its transaction and remove its temporary files before it ends."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from .errors import BlogError, CancelledByUserError, TerminatedError

# `kill` sends SIGTERM, and closing a terminal sends SIGHUP.
_ENDING = (signal.SIGTERM, signal.SIGHUP)
# During these seconds after the first signal, another Ctrl-C does not interrupt the rollback.
_GRACE = 5.0


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Raise TerminatedError inside on SIGTERM and SIGHUP, unless they are ignored, so that no files are left over."""
    numbers = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _raise)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def cancel_when_ended(ended_by: list[int]) -> None:
    """Cancel the current task on the first SIGTERM, SIGHUP or SIGINT, and append its number to `ended_by`.

    The task is cancelled once only: a second signal would interrupt the rollback that the first one led to.
    """
    import asyncio  # noqa: PLC0415 - help and usage errors do not need asyncio

    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
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


def ended_error(ended_by: list[int], outcome: str = "") -> BlogError:
    """Return the error of a command that the first of these signals ended, or of Ctrl-C if there are none."""
    consequence = f"; {outcome}" if outcome else ""
    if ended_by and ended_by[0] != signal.SIGINT:
        return TerminatedError(f"Terminated{consequence}")
    return CancelledByUserError(f"Interrupted{consequence}")


@contextmanager
def restored_handlers() -> Iterator[None]:
    """Restore the handlers of these signals at the end of the block."""
    previous = {number: signal.getsignal(number) for number in (*_ENDING, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            # The handler is None if it was not set by Python.
            if handler is not None:
                signal.signal(number, handler)


def hold_signals() -> None:
    """Block SIGTERM and SIGHUP until `ignore_signals` is called.

    A signal that arrives after the commit must not make the command exit with the code of a rollback. The signals are
    blocked rather than ignored, because `restored_handlers` restores the handlers that end a command.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def ignore_signals() -> None:
    """Ignore SIGTERM and SIGHUP, also those that were blocked, to the end of `finishing`."""
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


@contextmanager
def finishing() -> Iterator[None]:
    """Restore, after the report on what was committed, the handlers that `ignore_signals` replaced."""
    previous = {number: signal.getsignal(number) for number in _ENDING}
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _raise(number: int, _: object) -> NoReturn:
    # A second signal must not interrupt the removal of files.
    signal.signal(number, signal.SIG_IGN)
    raise TerminatedError("Terminated")
