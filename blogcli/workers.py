"""Work done by other processes while this one writes what they made of what came before; pure."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Generic, Self, TypeVar

A = TypeVar("A")
B = TypeVar("B")

# With less to do, starting other processes takes longer than the work.
_FEW_BATCHES = 6
_MOST_WORKERS = 4
_AHEAD = 2 * _MOST_WORKERS


def in_parallel(function: Callable[[A], B], batches: Iterable[A]) -> Iterator[B]:
    """What the function returns for each batch, in order; it must be one that can be imported by name."""
    with Work(function) as work:
        for batch in batches:
            yield from work.add(batch)
        yield from work.rest()


class Work(Generic[A, B]):
    """Batches that a function is called for in other processes if they are many, and what it returned, in order."""

    def __init__(self, function: Callable[[A], B]) -> None:
        self._function = function
        self._waiting: list[A] = []
        self._ahead: deque[Future[B]] = deque()
        self._workers: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._workers:
            self._workers.shutdown(cancel_futures=True)

    def add(self, batch: A) -> Iterator[B]:
        """Hand over a batch; what has come of earlier ones, as far as it is ready or too much is under way."""
        self._waiting.append(batch)
        if len(self._waiting) == _FEW_BATCHES and self._workers is None:
            self._workers = _workers()
            if self._workers is None:
                yield from self.rest()
        if self._workers:
            self._ahead.extend(self._workers.submit(self._function, each) for each in self._waiting)
            self._waiting.clear()
        while self._ahead and (self._ahead[0].done() or len(self._ahead) > _AHEAD):
            yield self._ahead.popleft().result()

    def rest(self) -> Iterator[B]:
        """What comes of all that is left."""
        while self._ahead:
            yield self._ahead.popleft().result()
        yield from map(self._function, self._waiting)
        self._waiting.clear()


def _workers() -> ProcessPoolExecutor | None:
    """As many as there are processors for; None where one is all there is, or the system has no semaphores."""
    count = min(os.cpu_count() or 1, _MOST_WORKERS)
    if count < 2:
        return None
    # Not forked: a copy of this process would hold its connections, and locks of threads that it does not have.
    context = multiprocessing.get_context("spawn")
    try:
        return ProcessPoolExecutor(count, mp_context=context, initializer=_stay_with_the_parent)
    except (OSError, ImportError):
        return None


def _stay_with_the_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when it ends, however that is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
