"""Print records as tables and as text for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import chain, islice
from typing import Any

from ..enums import HIT_MARK
from . import formats
from .console import Console
from .layout import Cell, cell_width, grid_lines, limit_length, paint, truncate, wrap
from .pager import print_lines
from .text import safe_line, safe_text
from .widths import GAP, MIN_WIDTHS, fit_columns

_STATUS_STYLES = {"published": "green", "scheduled": "cyan", "draft": "yellow", "trashed": "red"}
_BAR = "bar"
_TITLES = {
    "id": "ID",
    "op": "OP",
    "uuid": "UUID",
    "is_active": "Active",
    "published_at": "Published",
    "size": "Size (bytes)",
    "round_trip": "Round trip (ms)",
    _BAR: "Chart",
}
_NUMERIC_FIELDS = {"id", "op", "posts", "words", "version", "score"}
_NUMERIC_FIELDS |= {"replacements", "in_title", "in_content", "in_excerpt"}
_MAX_BAR_WIDTH = 30
# The number of rows at the start of a table that determine the widths of the columns. A text in a later row may be
# wider than its column. On a terminal, such a text is truncated. In a file, such a text moves the rest of its line to
# the right.
MAX_MEASURED_ROWS = 1_000
# The maximum width of a column in a file, where cells are not truncated. Without a maximum, a single text of some
# megabytes would add some megabytes of blanks to every other row.
_MAX_ALIGNED_WIDTH = 1_000


def show_list(
    console: Console, records: Iterable[Mapping[str, Any]], names: Sequence[str], *, zone: tzinfo, pager: str | None
) -> None:
    """Print a table with one line for each record. On a terminal, lines are truncated to the width of the terminal.

    Only the first rows determine the widths of the columns, so that a long table can be printed while its records are
    read. If there are no records, nothing is printed.
    """
    width = console.width
    rows = ([_cell(name, record[name], zone, width=width) for name in names] for record in records)
    _show_table(console, names, rows, pager=pager)


def show_one(console: Console, record: Mapping[str, Any], *, zone: tzinfo, pager: str | None) -> None:
    """Print one record as a table of two columns, followed by the content if the record is a post."""
    values = {_title(name): _cell(name, value, zone) for name, value in record.items() if name != "content"}
    lines = _two_columns(console, [(Cell(title, "bold"), [[value]]) for title, value in values.items()], gap=2)
    content = record.get("content")
    print_lines(console, [*lines, *(["", *content_lines(console, content)] if content else [])], pager=pager)


def show_hits(console: Console, records: Iterable[Mapping[str, Any]], *, zone: tzinfo, pager: str | None) -> None:
    """Print the hits of a search, each with the text around its first match."""
    hits = [(Cell(str(record["id"]), "dim"), [*_describe_hit(record, zone), []]) for record in records]
    print_lines(console, _two_columns(console, hits, gap=GAP, right=frozenset({0})), pager=pager)


def show_bars(
    console: Console, records: Sequence[Mapping[str, Any]], names: Sequence[str], *, pager: str | None
) -> None:
    """Print a table that contains the counts of each group, and a bar in proportion to the number of posts."""
    group, *figures = names
    max_posts = max((record["posts"] for record in records), default=0)
    rows = []
    for record in records:
        cells = max(1, round(_MAX_BAR_WIDTH * record["posts"] / max_posts)) if record["posts"] else 0
        numbers = (Cell(f"{record[name]:,}") for name in figures)
        rows.append([Cell(safe_line(record[group])), *numbers, Cell("━" * cells, "cyan")])
    _show_table(console, [*names, _BAR], rows, pager=pager)


def content_lines(console: Console, text: str) -> Iterator[str]:
    """Yield the lines of a text. On a terminal, lines that are too long are broken between words."""
    # Tabs are harmless and indent code, so only the parts of the text between the tabs are escaped.
    safe = "\t".join(safe_text(part) for part in text.replace("\r\n", "\n").split("\t"))
    lines = safe.removesuffix("\n").split("\n")
    if console.width is None:
        yield from lines
        return
    for line in lines:
        yield from ("".join(cell.text for cell in cells) for cells in wrap([Cell(line.expandtabs())], console.width))


def summary_lines(console: Console, record: Mapping[str, Any], zone: tzinfo) -> Iterator[str]:
    """Yield three lines with the title, status, date, author, tags, id and slug of a post.

    On a terminal, each of these lines is broken into several lines if it is too long.
    """
    name = next(name for name in ("trashed_at", "published_at", "created_at") if record[name])
    time = _cell(name, record[name], zone).text
    date = time if name == "published_at" else f"{name.removesuffix('_at')} {time}"
    status = _cell("status", record["status"], zone)
    facts = " · ".join((date, record["author"], *([", ".join(record["tags"])] if record["tags"] else [])))
    for line in (
        [Cell(safe_line(record["title"]), "bold")],
        [status, Cell(f" · {safe_line(facts)}", "dim")],
        [Cell(f"id {record['id']} · slug {safe_line(record['slug'])}", "dim")],
    ):
        yield from (_paint_all(console, cells) for cells in wrap(line, console.width))


def _show_table(console: Console, names: Sequence[str], rows: Iterable[Sequence[Cell]], *, pager: str | None) -> None:
    print_lines(console, _table_lines(console, names, iter(rows)), pager=pager)


def _table_lines(console: Console, names: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    """Yield the header of a table and a line for each row, or no lines if there are no rows."""
    first_rows = list(islice(rows, MAX_MEASURED_ROWS))
    if not first_rows:
        return
    titles = [_title(name) for name in names]
    widths = _column_widths(console, dict(zip(names, titles, strict=True)), first_rows)
    header = [Cell(title, "bold") for title in titles]
    visible: Iterable[Sequence[Cell]] = (row[: len(widths)] for row in chain([header], first_rows, rows))
    if console.width is not None:
        # A part of a number or a date would be misleading, so numbers and dates are truncated only if the table has
        # only one column.
        limits = [width if name in MIN_WIDTHS or len(widths) == 1 else None for name, width in widths.items()]
        visible = ([_truncate_cell(cell, limit) for cell, limit in zip(row, limits, strict=True)] for row in visible)
    right = frozenset(number for number, name in enumerate(widths) if name in _NUMERIC_FIELDS)
    lines = grid_lines(visible, list(widths.values()), right=right, has_color=console.has_color)
    yield next(lines)
    yield "─" * (sum(widths.values()) + GAP * (len(widths) - 1))
    yield from lines


def _truncate_cell(cell: Cell, limit: int | None) -> Cell:
    return cell if limit is None else Cell(truncate(cell.text, limit), cell.style)


def _column_widths(console: Console, titles: Mapping[str, str], rows: Sequence[Sequence[Cell]]) -> dict[str, int]:
    """Return the widths of the columns to print. On a terminal, columns that do not fit are left out."""
    max_width = console.width or _MAX_ALIGNED_WIDTH
    natural = {
        name: max(cell_width(title, max_width), *(cell_width(row[number].text, max_width) for row in rows))
        for number, (name, title) in enumerate(titles.items())
    }
    return natural if console.width is None else fit_columns(natural, console.width)


def _two_columns(
    console: Console,
    entries: Sequence[tuple[Cell, Sequence[Sequence[Cell]]]],
    *,
    gap: int,
    right: frozenset[int] = frozenset(),
) -> Iterator[str]:
    """Yield the lines of a table with two columns: the label of each entry, and its lines of text."""
    label_width = max((cell_width(label.text, _MAX_ALIGNED_WIDTH) for label, _ in entries), default=0)
    text_width = None if console.width is None else console.width - label_width - gap
    for label, texts in entries:
        lines = [_paint_all(console, line) for text in texts for line in wrap(text, text_width)]
        labels = [label, *[Cell("")] * (len(lines) - 1)]
        rows = ([cell, Cell(line)] for cell, line in zip(labels, lines, strict=True))
        yield from grid_lines(rows, [label_width, 0], right=right, gap=gap, has_color=console.has_color)


def _paint_all(console: Console, cells: Iterable[Cell]) -> str:
    return "".join(paint(cell, has_color=console.has_color) for cell in cells)


def _title(name: str) -> str:
    return _TITLES.get(name) or name.removesuffix("_at").replace("_", " ").capitalize()


def _describe_hit(record: Mapping[str, Any], zone: tzinfo) -> Iterator[list[Cell]]:
    """Yield up to three lines that describe a hit.

    The first line contains the title. The second line contains the status, date, author and tags. The third line
    contains the snippet, if there is one.
    """
    date = f" {_cell('published_at', record['published_at'], zone).text}" if record["published_at"] else ""
    facts = " · ".join((date, record["author"], *([", ".join(record["tags"])] if record["tags"] else [])))
    yield [Cell(safe_line(record["title"]), "bold")]
    yield [_cell("status", record["status"], zone), Cell(safe_line(facts), "dim")]
    if record["snippet"]:
        parts = record["snippet"].split(HIT_MARK)
        yield [Cell(safe_line(part), "bold yellow" if number % 2 else "") for number, part in enumerate(parts)]


def time_text(value: str, zone: tzinfo) -> str:
    """Return an instant in the format of RFC 3339 as the local time of a zone, such as `2024-05-31 18:00`."""
    return _to_zone(datetime.fromisoformat(value), zone).replace(tzinfo=None).isoformat(" ", "minutes")


def _to_zone(time: datetime, zone: tzinfo) -> datetime:
    try:
        return time.astimezone(zone)
    except OverflowError:
        # The local time would be before the year 1 or after the year 9999, so the time is returned unchanged.
        return time


def _cell(name: str, value: Any, zone: tzinfo, *, width: int | None = None) -> Cell:  # noqa: ANN401 - any JSON value
    """Return a cell with the value of a field as text for people.

    If the value is a text that is much longer than `width`, the cell contains only the start of the text, because a
    table does not show more.
    """
    if value is None:
        return Cell("—", "dim")
    if name == "status":
        return Cell(value, _STATUS_STYLES.get(value, ""))
    if name.endswith("_at"):
        return Cell(time_text(value, zone))
    if isinstance(value, bool):
        return Cell("yes" if value else "no", "" if value else "dim")
    if isinstance(value, (int, float)) and name != "id":
        return Cell(f"{value:,}")
    text = formats.plain(value)
    return Cell(
        safe_line(text if width is None else limit_length(text, width)), "dim" if name in ("id", "uuid") else ""
    )
