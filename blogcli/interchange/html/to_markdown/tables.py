"""Format Markdown tables. A Markdown table has one header row and no merged cells."""

from itertools import groupby
from typing import Final

from bs4.element import Tag

from .inline_context import BREAKING

# Elements that a cell of a Markdown table cannot contain.
_NOT_IN_CELLS: Final = BREAKING - {"br", "div", "section", "article"}
# The parts of a table in display order. The name `table` stands for the rows outside the header and the footer.
_PARTS: Final = ("thead", "table", "tfoot")


def is_complex(table: Tag) -> bool:
    """Return whether Markdown cannot express a table."""
    cells = table.find_all(["td", "th"])
    is_merged = any(str(cell.get(name, "1")) not in {"", "1"} for cell in cells for name in ("colspan", "rowspan"))
    has_blocks = any(isinstance(node, Tag) and node.name in _NOT_IN_CELLS for node in table.descendants)
    return is_merged or not cells or has_blocks


def list_table_rows(table: Tag) -> list[list[Tag]]:
    """Return the rows of a table as lists of cells, in display order and without empty rows."""
    cells = table.find_all(["td", "th"])
    rows = [list(row) for _, row in groupby(cells, key=lambda cell: id(cell.find_parent(["tr", "table"])))]
    return sorted(rows, key=lambda row: _PARTS.index(_find_part(row)))


def is_header(row: list[Tag]) -> bool:
    """Return whether a row is in the header of its table or consists only of heading cells."""
    return _find_part(row) == "thead" or all(cell.name == "th" for cell in row)


def format_table(rows: list[list[str]]) -> str:
    """Format rows of cells as a Markdown table.

    The first row becomes the header. Empty cells are added to the header until it is as long as the longest row.
    """
    width = max(map(len, rows))
    header = rows[0] + [""] * (width - len(rows[0]))
    return "\n".join(map(_format_row, [header, ["---"] * width, *rows[1:]]))


def _find_part(row: list[Tag]) -> str:
    part = row[0].find_parent(_PARTS)
    return part.name if part else "table"


def _format_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
