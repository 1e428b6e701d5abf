"""Work done by other processes while this one writes what they made of what came before; pure."""

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from typing import TypeVar

from .errors import BlogError

A = TypeVar("A")
B = TypeVar("B")

# With less to do, starting other processes takes longer than the work.
_FEW_BATCHES = 4
_MOST_WORKERS = 4
# In bytes: what is ahead is held here, and what was made of it.
_MOST_AHEAD = 8_000_000
_NICENESS = 10
# Python does not put the working directory on the import path of a process that has this variable.
_SAFE_PATH = "PYTHONSAFEPATH"


def in_parallel(
    function: Callable[[A], B], batches: Iterable[A], *, weigh: Callable[[A], int] = lambda _: 0
) -> Iterator[B]:
    """Yield what the function returns for each batch, in order; it must be one that can be imported by name.

    `weigh` says how many bytes a batch is: of heavy ones fewer are ahead. Raises BlogError if a process is killed.
    """
    rest = iter(batches)
    first, is_much = _first_of(rest, weigh)
    waiting = chain(_drained(first), rest)
    count = min(os.cpu_count() or 1, _MOST_WORKERS)
    with _safe_path():
        workers = _workers(count) if is_much else None
        if workers is None:
            yield from map(function, waiting)
        else:
            yield from _results(workers, function, waiting, most=2 * count, weigh=weigh)


def _results(
    workers: ProcessPoolExecutor,
    function: Callable[[A], B],
    waiting: Iterator[A],
    *,
    most: int,
    weigh: Callable[[A], int],
) -> Iterator[B]:
    # Apart, so that nothing here holds what was taken out.
    ahead, weights = deque[Future[B]](), deque[int]()
    try:
        while True:
            while len(ahead) < most and sum(weights) < _MOST_AHEAD and (more := list(islice(waiting, 1))):
                weights.append(weigh(more[0]))
                ahead.append(workers.submit(function, more.pop()))
            if not ahead:
                return
            weights.popleft()
            yield ahead.popleft().result()
    except BrokenProcessPool:
        raise BlogError(
            "A worker process was killed, perhaps because memory ran out; nothing was changed",
            hint="Free some memory and run it again.",
        ) from None
    finally:
        workers.shutdown(cancel_futures=True)


def _first_of(batches: Iterator[A], weigh: Callable[[A], int]) -> tuple[deque[A], bool]:
    """The first batches, and whether they are so many, or so heavy, that other processes are worth it."""
    first, weight = deque[A](), 0
    while len(first) < _FEW_BATCHES and weight < _MOST_AHEAD and (more := list(islice(batches, 1))):
        weight += weigh(more[0])
        first.append(more.pop())
    return first, len(first) == _FEW_BATCHES or weight >= _MOST_AHEAD


def _drained(batches: deque[A]) -> Iterator[A]:
    while batches:
        yield batches.popleft()


def _workers(count: int) -> ProcessPoolExecutor | None:
    """Return so many workers, or None if the machine has one core, no room or no semaphores for them."""
    # With -E, Python would pass over the variable that keeps modules in the working directory from being imported.
    if count < 2 or (sys.flags.ignore_environment and not sys.flags.safe_path):
        return None
    # Not forked: a copy of this process would hold its connections, and locks of threads that it does not have.
    context = multiprocessing.get_context("spawn")
    try:
        workers = ProcessPoolExecutor(count, mp_context=context, initializer=_stay_with_the_parent)
        # They start with their first task.
        workers.submit(os.getpid)
    except (OSError, ImportError):
        return None
    return workers


@contextmanager
def _safe_path() -> Iterator[None]:
    """Let processes that are started meanwhile import nothing from the working directory.

    Multiprocessing starts them with `python -c`, which looks for modules there first, and a blog to be imported may
    hold a file such as multiprocessing.py. The executor starts them when it needs them, so the variable stays set.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_SAFE_PATH, None)
        else:
            os.environ[_SAFE_PATH] = before


def _stay_with_the_parent() -> None:
    """Leave Ctrl-C to the process that started this one, and end when it ends, however that is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Where there are fewer cores than processes, the one that all others work for goes first.
    os.nice(_NICENESS)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
