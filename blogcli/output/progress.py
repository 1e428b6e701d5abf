"""Show the progress of long operations as a bar on a terminal, and elsewhere as a line every few seconds."""

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
    """Provide a reporter that shows the progress of an operation, described by `doing`, such as `Indexing posts`."""
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
    """A progress bar with a percentage, a count, a rate and the remaining time, removed at the end."""

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
    """Return the number of items per second as text, with one decimal below ten."""
    rate = done / (seconds or 1)
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
