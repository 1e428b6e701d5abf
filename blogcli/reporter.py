"""The type of callbacks that follow the progress of long work."""

from collections.abc import Callable
from typing import TypeAlias

# Called with the number of items that are done and the total number of items.
Reporter: TypeAlias = Callable[[int, int], None]


def null_reporter(done: int, total: int) -> None:
    """Ignore the progress."""
