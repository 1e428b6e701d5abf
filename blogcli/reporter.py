"""The type of callbacks that receive the progress of a long operation."""

from collections.abc import Callable
from typing import TypeAlias

# A function that is called with the number of processed items and the total number of items.
Reporter: TypeAlias = Callable[[int, int], None]


def null_reporter(done: int, total: int) -> None:
    """Do nothing. Callers that do not show the progress of an operation pass this function."""
