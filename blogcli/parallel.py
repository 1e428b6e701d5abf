"""Call a function with batches in several processes, and return the results in the order of the batches."""

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

# The minimum number of batches for which worker processes are started. For fewer batches, starting the processes takes
# longer than the work itself.
_MIN_BATCHES = 4
_MAX_WORKERS = 4
# A batch is pending from its submission to a worker until its result is consumed. While the pending batches have this
# total size in bytes or more, no further batch is submitted.
_MAX_PENDING_SIZE = 8_000_000
# If this environment variable is set for a process, Python does not add the working directory to the import path.
_SAFE_PATH = "PYTHONSAFEPATH"


def map_ordered(
    function: Callable[[Batch], Result], batches: Iterable[Batch], *, weigh: Callable[[Batch], int] = lambda _: 0
) -> Iterator[Result]:
    """Call a function with each batch, and yield the results in the order of the batches.

    If there are enough batches, the function is called in worker processes. The workers import the function by its
    name. `weigh` returns the size of a batch in bytes. The sizes limit how many batches are submitted in advance.
    Raises BlogError if a worker process is killed.
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
    # To free memory early, no variable refers to a submitted batch or to a yielded result. For this reason, a batch is
    # read into a list of one item and popped from the list.
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
    """Return the first batches, and whether their number or size is large enough to start workers."""
    first = deque[Batch]()
    size = 0
    while len(first) < _MIN_BATCHES and size < _MAX_PENDING_SIZE and (batch := list(islice(batches, 1))):
        size += weigh(batch[0])
        first.append(batch.pop())
    return first, len(first) == _MIN_BATCHES or size >= _MAX_PENDING_SIZE


def _drain(batches: deque[Batch]) -> Iterator[Batch]:
    """Remove each batch from the queue and yield it, so that the memory of the batch can be freed."""
    while batches:
        yield batches.popleft()


def _start_workers(count: int) -> ProcessPoolExecutor | None:
    """Return a pool of worker processes, or None if there is only one core or the processes cannot be started."""
    # With the option -E, Python ignores PYTHONSAFEPATH, so workers could import modules from the working directory.
    # Therefore, no workers are started with -E, unless the option -P is also given.
    if count < 2 or (sys.flags.ignore_environment and not sys.flags.safe_path):
        return None
    # Processes are spawned and not forked. A forked process would inherit database connections. It would also inherit
    # locks, but not the threads that release the locks.
    context = multiprocessing.get_context("spawn")
    try:
        workers = ProcessPoolExecutor(count, mp_context=context, initializer=_initialize_worker)
        # Submitting the first task starts the processes. If they cannot be started, the exception is raised here.
        workers.submit(os.getpid)
    except (OSError, ImportError):
        return None
    return workers


@contextmanager
def _safe_path() -> Iterator[None]:
    """Prevent processes that are started in the block from importing modules from the working directory.

    Workers are started by `python -c`, which searches the working directory first. The working directory may contain a
    blog with a file such as multiprocessing.py. The block must include all code in which the pool may start workers.
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
    """Ignore Ctrl-C, which the parent process handles, and exit when the parent process ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_parent, daemon=True).start()


def _exit_with_parent() -> None:
    # Without this thread, a worker whose parent process was killed would wait for tasks forever (see
    # docs/decisions/0011-worker-processes.md).
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
