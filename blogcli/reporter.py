"""The type of callbacks that receive the progress of a long operation."""

from collections.abc import Callable
from typing import TypeAlias

# Called with the number of items that are done and the total number of items.
Reporter: TypeAlias = Callable[[int, int], None]


def null_reporter(done: int, total: int) -> None:
    """Do nothing, for callers that do not show the progress."""
