"""Calculate the widths of the columns of a table."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

# The number of blanks between two columns.
GAP = 3
# The columns that may be truncated, and their minimum widths in terminal cells.
MIN_WIDTHS = {
    "title": 24,
    "email": 16,
    "name": 12,
    "full_name": 8,
    "author": 10,
    "tags": 10,
    "tag": 10,
    "excerpt": 16,
    "slug": 12,
    "content": 16,
    "message": 16,
    "text": 24,
    "what": 24,
    "changed": 12,
}


def fit_columns(natural: Mapping[str, int], available: int) -> dict[str, int]:
    """Return column widths with which the table fits into `available` cells, in the order of the columns.

    `natural` contains the width of each column without truncation. If the table is too wide, the columns that may be
    truncated are narrowed to a common maximum width. The maximum is twice as large for titles. If even the minimum
    widths do not fit, the last columns are left out. The first column is always included.
    """
    min_widths = {name: min(width, MIN_WIDTHS.get(name, width)) for name, width in natural.items()}
    names = list(natural)
    while len(names) > 1 and _total(min_widths[name] for name in names) > available:
        names.pop()
    if len(names) == 1:
        return {names[0]: min(natural[names[0]], available)}

    def widths_at(level: int) -> dict[str, int]:
        # The level is the maximum width of a column that may be truncated. A column of titles may be twice as wide.
        max_widths = {name: level * (2 if name == "title" else 1) for name in names}
        return {name: min(max(max_widths[name], min_widths[name]), natural[name]) for name in names}

    levels = range(available + 1)
    widths = widths_at(bisect_right(levels, available, key=lambda level: _total(widths_at(level).values())) - 1)
    spare = available - _total(widths.values())
    for name in names:
        if spare and widths[name] < natural[name]:
            widths[name] += 1
            spare -= 1
    return widths


def _total(widths: Iterable[int]) -> int:
    """Return the width of a table whose columns have the given widths."""
    columns = list(widths)
    return sum(columns) + GAP * (len(columns) - 1)
