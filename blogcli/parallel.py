"""Map a function over batches in several processes, in order."""

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

# With fewer batches, starting worker processes takes longer than the work.
_MIN_BATCHES = 4
_MAX_WORKERS = 4
# The maximum size of the batches, in bytes, that are submitted and whose results were not consumed yet.
_MAX_PENDING_SIZE = 8_000_000
# Python does not add the working directory to the import path of a process that has this variable.
_SAFE_PATH = "PYTHONSAFEPATH"


def map_ordered(
    function: Callable[[A], B], batches: Iterable[A], *, weigh: Callable[[A], int] = lambda _: 0
) -> Iterator[B]:
    """Yield the result of a function for each batch, in order, computed by worker processes if there is enough work.

    Workers import the function by its name. `weigh` returns the size of a batch in bytes: the larger the batches, the
    fewer are submitted in advance. Raises BlogError if a worker process is killed.
    """
    rest = iter(batches)
    first, is_much = _first_batches(rest, weigh)
    pending = chain(_drain(first), rest)
    count = min(os.cpu_count() or 1, _MAX_WORKERS)
    with _safe_path():
        workers = _start_workers(count) if is_much else None
        if workers is None:
            yield from map(function, pending)
        else:
            yield from _results(workers, function, pending, most=2 * count, weigh=weigh)


def _results(
    workers: ProcessPoolExecutor,
    function: Callable[[A], B],
    batches: Iterator[A],
    *,
    most: int,
    weigh: Callable[[A], int],
) -> Iterator[B]:
    # No local variable refers to a batch or a result, so that each is freed as soon as it is passed on.
    futures = deque[Future[B]]()
    sizes = deque[int]()
    try:
        while True:
            while len(futures) < most and sum(sizes) < _MAX_PENDING_SIZE and (more := list(islice(batches, 1))):
                sizes.append(weigh(more[0]))
                futures.append(workers.submit(function, more.pop()))
            if not futures:
                return
            sizes.popleft()
            yield futures.popleft().result()
    except BrokenProcessPool:
        raise BlogError(
            "A worker process was killed, perhaps because memory ran out; nothing was changed",
            hint="Free some memory and run it again.",
        ) from None
    finally:
        workers.shutdown(cancel_futures=True)


def _first_batches(batches: Iterator[A], weigh: Callable[[A], int]) -> tuple[deque[A], bool]:
    """Return the first batches, and whether they are so many or so large that starting workers pays off."""
    first = deque[A]()
    size = 0
    while len(first) < _MIN_BATCHES and size < _MAX_PENDING_SIZE and (more := list(islice(batches, 1))):
        size += weigh(more[0])
        first.append(more.pop())
    return first, len(first) == _MIN_BATCHES or size >= _MAX_PENDING_SIZE


def _drain(batches: deque[A]) -> Iterator[A]:
    """Yield batches, and remove each from the queue, so that it can be freed."""
    while batches:
        yield batches.popleft()


def _start_workers(count: int) -> ProcessPoolExecutor | None:
    """Return a pool of workers, or None if the machine has one core, or lacks memory or semaphores for them."""
    # With -E, Python ignores the variable that keeps modules in the working directory from being imported.
    if count < 2 or (sys.flags.ignore_environment and not sys.flags.safe_path):
        return None
    # A forked process would inherit database connections, and locks that are held by threads it does not have.
    context = multiprocessing.get_context("spawn")
    try:
        workers = ProcessPoolExecutor(count, mp_context=context, initializer=_initialize_worker)
        # The first task starts the processes, so that a failure is raised here.
        workers.submit(os.getpid)
    except (OSError, ImportError):
        return None
    return workers


@contextmanager
def _safe_path() -> Iterator[None]:
    """Prevent processes that are started in the block from importing modules of the working directory.

    multiprocessing starts workers with `python -c`, which looks for modules in the working directory first, and a blog
    to be imported may contain a file such as multiprocessing.py. The variable stays set as long as the pool may start
    workers.
    """
    previous = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if previous is None:
            os.environ.pop(_SAFE_PATH, None)
        else:
            os.environ[_SAFE_PATH] = previous


def _initialize_worker() -> None:
    """Leave Ctrl-C to the parent process, and exit when the parent process ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    # Without this, a worker whose parent was killed waits for tasks forever: docs/decisions/0011-worker-processes.md.
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
