"""What bodies in Ghost's own formats are read into; pure."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from .pieces import Piece


class Document(NamedTuple):
    """A body: its pieces, the cards that are not wholly in them, and its text where it is one card of Markdown."""

    pieces: Sequence[Piece]
    incomplete: Sequence[str]
    markdown: str | None = None


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none of anything else."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def lists(value: object) -> list[list[Any]]:
    """The lists of a list; none of anything else."""
    return [each for each in value if isinstance(each, list)] if isinstance(value, list) else []
