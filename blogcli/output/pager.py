"""Print long output a screen at a time."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .console import Console
from .programs import NOT_RUN, command_line


def print_lines(console: Console, lines: Iterable[str], *, pager: str | None) -> None:
    """Print lines, through the pager if there is one, a person reads them, and they do not fit on the terminal."""
    if pager and pager.strip() != "cat" and console.stdout_is_terminal and sys.stdin.isatty():
        lines = list(lines)
        if len(lines) >= shutil.get_terminal_size().lines:
            _page("".join(f"{line}\n" for line in lines), pager)
            return
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _page(text: str, command: str) -> None:
    """Show the text through the user's pager, or as it is where the pager cannot be run."""
    # F: end at once if it fits; R: colours as they are; X: leave the text on the screen.
    environment = {"LESS": "FRX", "LV": "-c"} | os.environ
    sys.stdout.flush()
    try:
        with (
            _left_to_the_pager(),
            subprocess.Popen(  # noqa: S603 - the user's own choice
                command_line(command), stdin=subprocess.PIPE, env=environment, encoding="utf-8"
            ) as process,
        ):
            process.communicate(text)
    except (OSError, ValueError):
        sys.stdout.write(text)
    else:
        if process.returncode in NOT_RUN:
            sys.stdout.write(text)


@contextmanager
def _left_to_the_pager() -> Iterator[None]:
    """Leave Ctrl-C to the pager, so that it never outlives this program on the terminal."""
    # A handler that does nothing, unlike SIG_IGN, is not inherited by the pager.
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
