"""Show the progress of a long operation as a bar on a terminal, or otherwise as a line every few seconds."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from rich.console import Console as RichConsole
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..reporter import Reporter, null_reporter
from .console import Console

# The number of seconds after which the progress bar appears.
_BAR_DELAY = 0.5
# The number of seconds between two lines about the progress.
_LINE_INTERVAL = 5.0


@contextmanager
def progress(console: Console, description: str) -> Iterator[Reporter]:
    """Yield a reporter that shows the progress of an operation. An example of a description is `Indexing posts`."""
    if console.quiet:
        yield null_reporter
    elif console.stderr_is_terminal:
        bar = _Bar(description)
        try:
            yield bar.report
        finally:
            bar.remove()
    else:
        yield _Lines(console, description).report


@contextmanager
def stages(console: Console) -> Iterator[Callable[[str], Reporter]]:
    """Yield a function that returns the reporter of a stage of an operation, such as `Copying rows`.

    The stages follow each other. The bar of a stage is removed when the next stage begins.
    """
    with ExitStack() as stack:

        def stage(description: str) -> Reporter:
            reporters: list[Reporter] = []

            def report(done: int, total: int) -> None:
                if not reporters:
                    stack.close()
                    reporters.append(stack.enter_context(progress(console, description)))
                reporters[0](done, total)

            return report

        yield stage


class _Bar:
    """A progress bar with a percentage, a count, a rate and the remaining time. The bar is removed at the end."""

    def __init__(self, description: str) -> None:
        count = TextColumn("{task.completed:,.0f} of {task.total:,.0f}")
        rate = TextColumn("{task.fields[rate]} a second")
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), count, rate)
        self._progress = Progress(*columns, TimeRemainingColumn(), console=RichConsole(stderr=True), transient=True)
        self._task = self._progress.add_task(description, total=None, rate=format_rate(0, 1))
        self._started_at = time.monotonic()

    def report(self, done: int, total: int) -> None:
        elapsed = time.monotonic() - self._started_at
        self._progress.update(self._task, completed=done, total=total, rate=format_rate(done, elapsed))
        if elapsed >= _BAR_DELAY:
            self._progress.start()

    def remove(self) -> None:
        self._progress.stop()


class _Lines:
    """A reporter that prints a line with a count and a rate every few seconds."""

    def __init__(self, console: Console, description: str) -> None:
        self._console = console
        self._description = description
        self._started_at = time.monotonic()
        self._reported_at = self._started_at

    def report(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._reported_at >= _LINE_INTERVAL and done < total:
            self._reported_at = now
            rate = format_rate(done, now - self._started_at)
            self._console.say(f"{self._description}: {done:,} of {total:,}, {rate} a second")


def format_rate(done: int, seconds: float) -> str:
    """Return the number of items per second as text, with one decimal place if the number is below ten."""
    rate = done / (seconds or 1)
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
