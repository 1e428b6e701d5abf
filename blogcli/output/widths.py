"""How wide the columns of a table may be; pure."""

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
    "excerpt": 16,
    "slug": 12,
    "content": 16,
    "message": 16,
    "text": 24,
}


def fit_columns(natural: Mapping[str, int], available: int) -> dict[str, int]:
    """The width in cells of each column that is shown, in order.

    Columns that may be cut give way to the others, the widest first, a title half as readily; if even their least is
    too much, the last columns are left out. The first column always stays.
    """
    least = {name: min(width, LEAST.get(name, width)) for name, width in natural.items()}
    names = list(natural)
    while len(names) > 1 and _total(least[name] for name in names) > available:
        names.pop()
    widths = {name: min(natural[name], available) for name in names}
    while _total(widths.values()) > available:
        given = [name for name in names if widths[name] > least[name]] or names
        widths[max(given, key=lambda name: widths[name] / (2 if name == "title" else 1))] -= 1
    return widths


def _total(widths: Iterable[int]) -> int:
    each = list(widths)
    return sum(each) + GAP * (len(each) - 1)
