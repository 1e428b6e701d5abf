"""Signal handlers that let a command roll back its transaction and remove its temporary files before it ends.

`Cancellation` is for code in an event loop, `raising_on_termination` is for all other code, and `restoring_signals` is
for commands, which ignore signals after they have committed their changes.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from .errors import BlogError, CancelledByUserError, TerminatedError

# The signals that end the program. The command `kill` sends SIGTERM, and a terminal sends SIGHUP when it is closed.
_TERMINATION_SIGNALS = (signal.SIGTERM, signal.SIGHUP)
_ALL_SIGNALS = (*_TERMINATION_SIGNALS, signal.SIGINT)
# For this number of seconds after the first signal, Ctrl-C does not interrupt the rollback.
_GRACE = 5.0


@contextmanager
def raising_on_termination() -> Iterator[None]:
    """Raise TerminatedError in the block if SIGTERM or SIGHUP arrives, so that the block can remove temporary files.

    The handling of a signal is not changed if the signal is ignored or already has a handler. If a change was committed
    in the block, the signals are still ignored after the block.
    """
    numbers = [number for number in _TERMINATION_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _raise_terminated_error)
    try:
        yield
    finally:
        for number in numbers:
            if signal.getsignal(number) is not _ignore_signal:
                signal.signal(number, signal.SIG_DFL)


class Cancellation:
    """Cancels the task of a command on the first SIGTERM, SIGHUP or SIGINT, and stores the number of the signal.

    Further signals do not cancel the task again, because a second cancellation would interrupt the rollback. But if the
    rollback takes longer than _GRACE seconds, Ctrl-C raises KeyboardInterrupt.
    """

    def __init__(self) -> None:
        self._number: int | None = None
        self._received_at = 0.0
        self._is_committed = False

    @contextmanager
    def restored_handlers(self) -> Iterator[None]:
        """At the end of the block, restore the signal handlers that `cancel_current_task` replaced.

        If `hold_signals` was called, the signals are ignored instead until the block of `restoring_signals` ends.
        """
        previous = {number: signal.getsignal(number) for number in _ALL_SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                # If a handler was not installed by Python, getsignal() returned None, and the handler cannot be
                # restored.
                if handler is not None:
                    signal.signal(number, handler)
            if self._is_committed:
                _ignore_signals()

    def cancel_current_task(self) -> None:
        """Install handlers that cancel the current task on the first SIGTERM, SIGHUP or SIGINT.

        A signal that the process ignores is still ignored, as after a commit.
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

        for number in _ALL_SIGNALS:
            if signal.getsignal(number) not in (signal.SIG_IGN, _ignore_signal):
                signal.signal(number, cancel)

    def hold_signals(self) -> None:
        """Block SIGTERM, SIGHUP and SIGINT until the block of `restored_handlers` ends, and ignore them afterwards.

        After its commit, a command must not end with the exit code of a rollback. The signals cannot be ignored yet,
        because `restored_handlers` will restore handlers that end the command. So the signals are blocked.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, _ALL_SIGNALS)
        self._is_committed = True

    def error(self, outcome: str = "") -> BlogError:
        """Return the error to raise for a cancelled command, with the outcome of the command in the message.

        If no signal was stored, Ctrl-C raised KeyboardInterrupt while the handlers of this class were not installed.
        """
        suffix = f"; {outcome}" if outcome else ""
        if self._number in _TERMINATION_SIGNALS:
            return TerminatedError(f"Terminated{suffix}")
        return CancelledByUserError(f"Interrupted{suffix}")


def _ignore_signals() -> None:
    """Ignore SIGTERM, SIGHUP and SIGINT, and discard pending signals.

    Processes that are started meanwhile, such as hooks, do not inherit that the signals are ignored.
    """
    for number in _ALL_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _ignore_signal)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALL_SIGNALS)


@contextmanager
def restoring_signals() -> Iterator[None]:
    """At the end of the block, restore the signal handlers that a commit (`Cancellation.hold_signals`) has replaced.

    The block must also print the message about the committed changes, so that a signal does not prevent the message.
    """
    previous = {number: signal.getsignal(number) for number in _ALL_SIGNALS}
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ALL_SIGNALS)
        for number, handler in previous.items():
            # If a handler was not installed by Python, getsignal() returned None, and the handler cannot be restored.
            if handler is not None:
                signal.signal(number, handler)


def _ignore_signal(number: int, _: object) -> None:
    """Do nothing. Unlike SIG_IGN, a handler is not inherited by the processes that this process starts."""


def _raise_terminated_error(number: int, _: object) -> NoReturn:
    # If the same signal arrives again, it is ignored, because it must not interrupt the removal of temporary files.
    signal.signal(number, signal.SIG_IGN)
    raise TerminatedError("Terminated")
