"""Lay out text in columns and lines for a terminal or a file.

Lines have no trailing blanks. Some terminals draw the characters of some scripts wider than Rich assumes. On such a
terminal, a line that is filled with blanks up to the width of the terminal would wrap.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size

from .widths import GAP

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "cyan": "36",
    "bold yellow": "1;33",
    "struck red": "9;31",
}
# The assumed maximum number of characters in a terminal cell. A letter and its combining marks share a cell.
_MAX_CHARACTERS_PER_CELL = 8


class Cell(NamedTuple):
    """A piece of text in one style."""

    text: str
    style: str = ""


def paint(cell: Cell, *, has_color: bool) -> str:
    """Return the text of a cell, enclosed in the escape sequences of the cell's style if `has_color` is set."""
    code = _CODES.get(cell.style) if has_color else None
    return f"\x1b[{code}m{cell.text}\x1b[0m" if code and cell.text else cell.text


def limit_length(text: str, width: int) -> str:
    """Return the start of a text, so that only a limited number of characters has to be measured.

    If the text is wider than `width` terminal cells, the returned start is also wider than `width` terminal cells.
    """
    return text[: (width + 1) * _MAX_CHARACTERS_PER_CELL]


def cell_width(text: str, max_width: int) -> int:
    """Return the number of terminal cells that a text occupies, but at most `max_width`."""
    return min(cell_len(limit_length(text, max_width)), max_width)


def truncate(text: str, width: int) -> str:
    """Truncate a text to `width` terminal cells. A truncated text ends with an ellipsis."""
    head = limit_length(text, width)
    if len(head) == len(text) and cell_len(head) <= width:
        return text
    return set_cell_size(head, width - 1).rstrip(" ") + "…"


def grid_lines(
    rows: Iterable[Sequence[Cell]], widths: Sequence[int], *, right: frozenset[int], gap: int = GAP, has_color: bool
) -> Iterator[str]:
    """Yield a line for each row, with the cells in columns of the given widths.

    `right` contains the numbers of the columns that are aligned to the right. A cell that is wider than its column
    moves the following cells of its line to the right.
    """
    for row in rows:
        line: list[str] = []
        blanks = 0
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = width - cell_width(cell.text, width)
            if number in right:
                blanks += padding
                padding = 0
            if cell.text:
                line += (" " * blanks, paint(cell, has_color=has_color))
                blanks = 0
            blanks += padding + gap
        yield "".join(line)


def wrap(cells: Sequence[Cell], width: int | None) -> Iterator[list[Cell]]:
    """Break the text of `cells` between words into lines that are at most `width` terminal cells wide.

    Each line is a list of cells, which keep their styles. A word that is wider than `width` is broken at any character.
    If `width` is None, the text is not broken.
    """
    text = "".join(cell.text for cell in cells)
    lines = [(0, len(text))] if width is None else _break_lines(text, max(width, 2))
    for start, end in lines:
        yield list(_slice_cells(cells, start, end))


def _break_lines(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end positions of each line in the text, without the blanks at the line breaks."""
    start = end = used = next_word = 0
    for word in text.split(" "):
        word_start = next_word
        next_word += len(word) + 1
        if not word:
            continue
        gap = word_start - end
        size = cell_len(word)
        if used + gap + size > width:
            if end > start:
                yield start, end
            start = end = word_start
            used = gap = 0
        if size > width:
            *full_lines, last_part = chop_cells(word, width)
            for part in full_lines:
                yield end, end + len(part)
                start = end = end + len(part)
            size = cell_len(last_part)
        used += gap + size
        end = next_word - 1
    if end > start or not end:
        yield start, end


def _slice_cells(cells: Sequence[Cell], start: int, end: int) -> Iterator[Cell]:
    """Yield those parts of the cells that lie between the positions `start` and `end` in the text of all cells."""
    position = 0
    for text, style in cells:
        part = text[max(start - position, 0) : max(end - position, 0)]
        if part:
            yield Cell(part, style)
        position += len(text)
