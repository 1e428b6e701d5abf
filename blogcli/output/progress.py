"""How far a long work is: a bar on a terminal, elsewhere a line every few seconds; nothing where it is soon done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console as RichConsole
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..reporter import Reporter, null_reporter
from .console import Console

# Seconds: of work before a bar appears, and between two lines.
_BEFORE_A_BAR = 0.5
_BETWEEN_LINES = 5.0


@contextmanager
def progress(console: Console, doing: str) -> Iterator[Reporter]:
    """What is told how many of how many are done, while it lasts; `doing` is what happens, such as `Indexing posts`."""
    if console.quiet:
        yield null_reporter
    elif console.stderr_is_terminal:
        bar = _Bar(doing)
        try:
            yield bar.tell
        finally:
            bar.remove()
    else:
        yield _Lines(console, doing).tell


class _Bar:
    """A bar with a share, a count, a rate and the time that is left; it goes when the work is done."""

    def __init__(self, doing: str) -> None:
        count = TextColumn("{task.completed:,.0f} of {task.total:,.0f}")
        rate = TextColumn("{task.fields[rate]} a second")
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), count, rate)
        self._shown = Progress(*columns, TimeRemainingColumn(), console=RichConsole(stderr=True), transient=True)
        self._task = self._shown.add_task(doing, total=None, rate=rate_of(0, 1))
        self._started_at = time.monotonic()

    def tell(self, done: int, total: int) -> None:
        passed = time.monotonic() - self._started_at
        self._shown.update(self._task, completed=done, total=total, rate=rate_of(done, passed))
        if passed >= _BEFORE_A_BAR:
            self._shown.start()

    def remove(self) -> None:
        self._shown.stop()


class _Lines:
    """Lines with a count and a rate."""

    def __init__(self, console: Console, doing: str) -> None:
        self._console, self._doing = console, doing
        self._started_at = self._told_at = time.monotonic()

    def tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _BETWEEN_LINES and done < total:
            self._told_at = now
            rate = rate_of(done, now - self._started_at)
            self._console.say(f"{self._doing}: {done:,} of {total:,}, {rate} a second")


def rate_of(done: int, seconds: float) -> str:
    """How many are done in a second; below ten with a decimal."""
    rate = done / (seconds or 1)
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
