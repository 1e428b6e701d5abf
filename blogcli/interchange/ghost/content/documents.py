"""What bodies in Ghost's own formats are read into; pure."""

from collections.abc import Sequence
from typing import NamedTuple

from .fragments import Piece


class Document(NamedTuple):
    """A body: its pieces, the cards that are not wholly in them, and its text where it is one card of Markdown."""

    pieces: Sequence[Piece]
    incomplete: Sequence[str]
    markdown: str | None = None
