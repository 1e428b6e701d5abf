"""Lay out text in columns and lines for a terminal or a file, without reading or writing.

Lines are built without trailing blanks. A line that is filled with blanks up to the width of the terminal wraps where
the terminal takes a script for wider than the width table used here does.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size

from .widths import GAP

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "bold yellow": "1;33"}
# The number of characters, a letter and its marks, that may share a cell. Further characters are ignored.
_CHARACTERS_PER_CELL = 8


class Cell(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: str = ""


def paint(cell: Cell, *, has_color: bool) -> str:
    """Return the text of a cell, with the escape sequences of its style if there is colour."""
    code = _CODES.get(cell.style) if has_color else None
    return f"\x1b[{code}m{cell.text}\x1b[0m" if code and cell.text else cell.text


def head_of(text: str, width: int) -> str:
    """Return as much of the start of `text` as can be needed to fill `width` cells and to see that there is more."""
    return text[: (width + 1) * _CHARACTERS_PER_CELL]


def width_of(text: str, most: int) -> int:
    """Return how many cells `text` takes, counting no further than `most`."""
    return min(cell_len(head_of(text, most)), most)


def cut(text: str, width: int) -> str:
    """Return `text` in at most `width` cells, ending in an ellipsis if something is left out."""
    head = head_of(text, width)
    if len(head) == len(text) and cell_len(head) <= width:
        return text
    return set_cell_size(head, width - 1).rstrip(" ") + "…"


def grid_lines(
    rows: Iterable[Sequence[Cell]], widths: Sequence[int], *, right: frozenset[int], gap: int = GAP, has_color: bool
) -> Iterator[str]:
    """Yield a line for each row with its cells in columns, aligned to the right for the columns in `right`.

    A cell that is wider than its column moves the rest of its line to the right.
    """
    for row in rows:
        line: list[str] = []
        blanks = 0
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            missing = width - width_of(cell.text, width)
            if number in right:
                blanks, missing = blanks + missing, 0
            if cell.text:
                line += (" " * blanks, paint(cell, has_color=has_color))
                blanks = 0
            blanks += missing + gap
        yield "".join(line)


def wrap(cells: Sequence[Cell], width: int | None) -> Iterator[list[Cell]]:
    """Yield the lines that a line of cells takes when it is broken between words to fit into `width` cells.

    A word that does not fit is broken anywhere; without a width the line stays whole.
    """
    text = "".join(cell.text for cell in cells)
    for start, end in [(0, len(text))] if width is None else _breaks(text, max(width, 2)):
        yield list(_between(cells, start, end))


def _breaks(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each line, without the blanks at line breaks."""
    start = end = used = after = 0
    for word in text.split(" "):
        at, after = after, after + len(word) + 1
        if not word:
            continue
        gap, size = at - end, cell_len(word)
        if used + gap + size > width:
            if end > start:
                yield start, end
            start = end = at
            used = gap = 0
        if size > width:
            *full, rest = chop_cells(word, width)
            for part in full:
                yield end, end + len(part)
                start = end = end + len(part)
            size = cell_len(rest)
        used, end = used + gap + size, after - 1
    if end > start or not end:
        yield start, end


def _between(cells: Sequence[Cell], start: int, end: int) -> Iterator[Cell]:
    position = 0
    for text, style in cells:
        part = text[max(start - position, 0) : max(end - position, 0)]
        if part:
            yield Cell(part, style)
        position += len(text)
