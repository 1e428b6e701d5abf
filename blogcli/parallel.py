"""Map a function over batches in several processes, and return the results in the order of the batches."""

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

Batch = TypeVar("Batch")
Result = TypeVar("Result")

# With fewer batches, starting worker processes takes longer than the work.
_MIN_BATCHES = 4
_MAX_WORKERS = 4
# The maximum total size in bytes of the batches that were submitted and whose results were not consumed yet.
_MAX_PENDING_SIZE = 8_000_000
# Python does not add the working directory to the import path of a process that has this variable.
_SAFE_PATH = "PYTHONSAFEPATH"


def map_ordered(
    function: Callable[[Batch], Result], batches: Iterable[Batch], *, weigh: Callable[[Batch], int] = lambda _: 0
) -> Iterator[Result]:
    """Yield the result of a function for each batch, in order, computed by worker processes if there is enough work.

    Workers import the function by its name. `weigh` returns the size of a batch in bytes: the larger the batches, the
    fewer are submitted in advance. Raises BlogError if a worker process is killed.
    """
    unread = iter(batches)
    first, needs_workers = _read_first_batches(unread, weigh)
    all_batches = chain(_drain(first), unread)
    count = min(os.cpu_count() or 1, _MAX_WORKERS)
    with _safe_path():
        workers = _start_workers(count) if needs_workers else None
        if workers is None:
            yield from map(function, all_batches)
        else:
            yield from _map_in_workers(workers, function, all_batches, max_pending=2 * count, weigh=weigh)


def _map_in_workers(
    workers: ProcessPoolExecutor,
    function: Callable[[Batch], Result],
    batches: Iterator[Batch],
    *,
    max_pending: int,
    weigh: Callable[[Batch], int],
) -> Iterator[Result]:
    # A batch is in a list of one item, which is emptied, and a result is not stored in a variable. So both are freed
    # as soon as they are passed on.
    futures = deque[Future[Result]]()
    sizes = deque[int]()
    try:
        while True:
            while len(futures) < max_pending and sum(sizes) < _MAX_PENDING_SIZE and (batch := list(islice(batches, 1))):
                sizes.append(weigh(batch[0]))
                futures.append(workers.submit(function, batch.pop()))
            if not futures:
                return
            sizes.popleft()
            yield futures.popleft().result()
    except BrokenProcessPool:
        raise BlogError(
            "A worker process was killed, perhaps because memory ran out; nothing was changed",
            hint="Free some memory and run the command again.",
        ) from None
    finally:
        workers.shutdown(cancel_futures=True)


def _read_first_batches(batches: Iterator[Batch], weigh: Callable[[Batch], int]) -> tuple[deque[Batch], bool]:
    """Return the first batches, and whether they are so many or so large that workers save time."""
    first = deque[Batch]()
    size = 0
    while len(first) < _MIN_BATCHES and size < _MAX_PENDING_SIZE and (batch := list(islice(batches, 1))):
        size += weigh(batch[0])
        first.append(batch.pop())
    return first, len(first) == _MIN_BATCHES or size >= _MAX_PENDING_SIZE


def _drain(batches: deque[Batch]) -> Iterator[Batch]:
    """Yield each batch after removing it from the queue, so that it can be freed."""
    while batches:
        yield batches.popleft()


def _start_workers(count: int) -> ProcessPoolExecutor | None:
    """Return a pool of worker processes, or None if there is only one core or the processes cannot be started."""
    # With -E, Python ignores the variable that prevents workers from importing modules of the working directory.
    if count < 2 or (sys.flags.ignore_environment and not sys.flags.safe_path):
        return None
    # A forked process would inherit database connections, and locks that no thread of the process would release.
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

    multiprocessing starts workers with `python -c`, which searches the working directory first, and that directory may
    be a blog with a file such as multiprocessing.py. The variable stays set as long as the pool may start workers.
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
