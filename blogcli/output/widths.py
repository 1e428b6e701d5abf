"""Calculate the widths of the columns of a table."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping

# Padding and divider between two columns.
GAP = 3
# The columns that may be cut, and the least of each, in cells, that is still of use.
LEAST = {
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
}


def fit_columns(natural: Mapping[str, int], available: int) -> dict[str, int]:
    """Return the width in cells of each column that is shown, in order.

    Columns that may be cut give way to the others, the widest first, a title half as readily. If even the least widths
    are too much, the last columns are left out; the first column always stays.
    """
    least = {name: min(width, LEAST.get(name, width)) for name, width in natural.items()}
    names = list(natural)
    while len(names) > 1 and _total(least[name] for name in names) > available:
        names.pop()
    if len(names) == 1:
        return {names[0]: min(natural[names[0]], available)}

    def widths_at(level: int) -> dict[str, int]:
        # No column that may be cut is wider than the level, a title no wider than two.
        most = {name: level * (2 if name == "title" else 1) for name in names}
        return {name: min(max(most[name], least[name]), natural[name]) for name in names}

    levels = range(available + 1)
    widths = widths_at(bisect_right(levels, available, key=lambda level: _total(widths_at(level).values())) - 1)
    spare = available - _total(widths.values())
    for name in names:
        if spare and widths[name] < natural[name]:
            widths[name] += 1
            spare -= 1
    return widths


def _total(widths: Iterable[int]) -> int:
    each = list(widths)
    return sum(each) + GAP * (len(each) - 1)
