"""Print long output through a pager."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .console import Console
from .programs import NOT_RUN_STATUSES, command_line


def print_lines(console: Console, lines: Iterable[str], *, pager: str | None) -> None:
    """Print lines, and use the pager if they do not fit on the terminal.

    The lines are printed directly if `pager` is None or `cat`, or if stdin or stdout is not a terminal.
    """
    if pager and pager.strip() != "cat" and console.stdout_is_terminal and sys.stdin.isatty():
        lines = list(lines)
        if len(lines) >= shutil.get_terminal_size().lines:
            _print_through_pager("".join(f"{line}\n" for line in lines), pager)
            return
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _print_through_pager(text: str, command: str) -> None:
    """Print a text through the pager, or directly if the pager cannot be run."""
    # The variable LESS contains options of the program `less`. With F, less exits at once if the text fits on the
    # screen. With R, less passes on the escape sequences of colors. With X, the text stays on the screen after less
    # has exited.
    environment = {"LESS": "FRX", "LV": "-c"} | os.environ
    sys.stdout.flush()
    try:
        with (
            _ignored_interrupts(),
            subprocess.Popen(  # noqa: S603 - the user has chosen the pager
                command_line(command), stdin=subprocess.PIPE, env=environment, encoding="utf-8"
            ) as process,
        ):
            process.communicate(text)
    except (OSError, ValueError):
        sys.stdout.write(text)
    else:
        if process.returncode in NOT_RUN_STATUSES:
            sys.stdout.write(text)


@contextmanager
def _ignored_interrupts() -> Iterator[None]:
    """Ignore Ctrl-C in this process, so that the process does not end before the pager, which also gets Ctrl-C."""
    # A handler that does nothing is used instead of SIG_IGN, because the pager would inherit SIG_IGN.
    previous = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
