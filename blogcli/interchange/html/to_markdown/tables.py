"""Tables: their rows, and what they become in Markdown, which knows one row of headings and nothing merged."""

from itertools import groupby
from typing import Final

from bs4.element import Tag

from .inline_context import BREAKING

# What fits into no cell of a table in Markdown.
_IN_NO_CELL: Final = BREAKING - {"br", "div", "section", "article"}
# As they are shown, wherever they stand.
_PARTS: Final = ("thead", "table", "tfoot")


def is_complex(table: Tag) -> bool:
    """Whether Markdown cannot say it."""
    cells = table.find_all(["td", "th"])
    is_merged = any(str(cell.get(name, "1")) not in {"", "1"} for cell in cells for name in ("colspan", "rowspan"))
    return is_merged or not cells or any(isinstance(one, Tag) and one.name in _IN_NO_CELL for one in table.descendants)


def rows_of(table: Tag) -> list[list[Tag]]:
    """The cells of each row that has any, in the order in which they are shown."""
    cells = table.find_all(["td", "th"])
    rows = [list(row) for _, row in groupby(cells, key=lambda cell: id(cell.find_parent(["tr", "table"])))]
    return sorted(rows, key=lambda row: _PARTS.index(_part(row)))


def has_headings(row: list[Tag]) -> bool:
    """Whether the cells of a row are headings."""
    return _part(row) == "thead" or all(cell.name == "th" for cell in row)


def table_of(rows: list[list[str]]) -> str:
    """A table in Markdown; the first row are its headings, which are as many as the longest row has cells."""
    width = max(map(len, rows))
    headings = rows[0] + [""] * (width - len(rows[0]))
    return "\n".join(map(_line, [headings, ["---"] * width, *rows[1:]]))


def _part(row: list[Tag]) -> str:
    part = row[0].find_parent(_PARTS)
    return part.name if part else "table"


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
