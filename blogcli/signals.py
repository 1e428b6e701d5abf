"""Signal handlers that let a command roll back its transaction and remove its temporary files before it ends.

`Cancellation` is for code in an event loop, `raising_on_termination` is for all other code, and `restoring_signals` is
for commands that ignore signals after they have committed their changes.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from .errors import BlogError, CancelledByUserError, TerminatedError

# The signals that end the program. The command `kill` sends SIGTERM, and a terminal sends SIGHUP when it is closed.
_TERMINATION_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
# For this number of seconds after the first signal, Ctrl-C does not interrupt the rollback.
_GRACE = 5.0


@contextmanager
def raising_on_termination() -> Iterator[None]:
    """Raise TerminatedError in the block if SIGTERM or SIGHUP arrives, so that the block can remove temporary files.

    The handling of a signal is not changed if the signal is ignored or already has a handler.
    """
    numbers = [number for number in _TERMINATION_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _raise_terminated_error)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


class Cancellation:
    """Cancels the task of a command on the first SIGTERM, SIGHUP or SIGINT, and stores the number of the signal.

    Further signals do not cancel the task again, because a second cancellation would interrupt the rollback. But if the
    rollback takes longer than _GRACE seconds, Ctrl-C raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        self._received_at = 0.0

    @contextmanager
    def restored_handlers(self) -> Iterator[None]:
        """At the end of the block, restore the signal handlers that `cancel_current_task` replaced."""
        previous = {number: signal.getsignal(number) for number in (*_TERMINATION_SIGNALS, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in previous.items():
                # If a handler was not installed by Python, getsignal() returned None, and the handler cannot be
                # restored.
                if handler is not None:
                    signal.signal(number, handler)

    def cancel_current_task(self) -> None:
        """Install handlers that cancel the current task on the first SIGTERM, SIGHUP or SIGINT.

        A signal that the process ignores is still ignored.
        """
        import asyncio  # noqa: PLC0415 - help and usage errors do not import asyncio

        loop = asyncio.get_running_loop()
        task = asyncio.current_task()

        def cancel(number: int, _: object) -> None:
            if task is None or task.done():
                return
            if self._number is None:
                self._number = number
                self._received_at = time.monotonic()
                loop.call_soon_threadsafe(task.cancel)
            elif number == signal.SIGINT and time.monotonic() > self._received_at + _GRACE:
                raise KeyboardInterrupt

        for number in (*_TERMINATION_SIGNALS, signal.SIGINT):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, cancel)

    def error(self, outcome: str = "") -> BlogError:
        """Return the error to raise for a cancelled command, with the outcome of the command in the message.

        If no signal was stored, Ctrl-C raised KeyboardInterrupt while the handlers of this class were not installed.
        """
        suffix = f"; {outcome}" if outcome else ""
        if self._number in _TERMINATION_SIGNALS:
            return TerminatedError(f"Terminated{suffix}")
        return CancelledByUserError(f"Interrupted{suffix}")


def hold_signals() -> None:
    """Block SIGTERM and SIGHUP until `ignore_signals` is called.

    After its commit, a command must not end with the exit code of a rollback. The signals cannot be ignored yet,
    because `Cancellation.restored_handlers` will restore handlers that end the command. So the signals are blocked.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _TERMINATION_SIGNALS)


def ignore_signals() -> None:
    """Ignore SIGTERM and SIGHUP until the block of `restoring_signals` ends, and discard pending signals."""
    for number in _TERMINATION_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _TERMINATION_SIGNALS)


@contextmanager
def restoring_signals() -> Iterator[None]:
    """At the end of the block, restore the signal handlers that `ignore_signals` replaced.

    The block must also print the message about the committed changes, so that a signal does not prevent the message.
    """
    previous = {number: signal.getsignal(number) for number in _TERMINATION_SIGNALS}
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TERMINATION_SIGNALS)
        for number, handler in previous.items():
            signal.signal(number, handler)


def _raise_terminated_error(number: int, _: object) -> NoReturn:
    # If the same signal arrives again, it is ignored, because it must not interrupt the removal of temporary files.
    signal.signal(number, signal.SIG_IGN)
    raise TerminatedError("Terminated")
