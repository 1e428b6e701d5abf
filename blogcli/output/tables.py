"""Tables and records for people to read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from ..enums import HIT_MARK
from . import formats
from .console import Console
from .layout import Cell, cut, grid_lines, head_of, paint, width_of, wrap
from .pager import print_lines
from .text import safe_line, safe_text
from .widths import GAP, fit_columns

_STATUS_STYLES = {"published": "green", "scheduled": "cyan", "draft": "yellow", "trashed": "red"}
_BAR = "bar"
_TITLES = {
    "id": "ID",
    "uuid": "UUID",
    "is_active": "Active",
    "published_at": "Published",
    "size": "Size (bytes)",
    "round_trip": "Round trip (ms)",
    _BAR: "Posts, to scale",
}
_NUMBERS = {"id", "posts", "words", "version", "score"}
_BAR_CELLS = 30
# Into a file nothing is cut, but columns are aligned up to this width only. Otherwise one text of megabytes would fill
# every other row with as many blanks.
_MAX_ALIGNED = 1_000


def show_list(
    console: Console, records: Iterable[Mapping[str, Any]], names: Sequence[str], *, zone: tzinfo, pager: str | None
) -> None:
    """Print a table with a line for each record, cut to the width of the terminal, unless there are none."""
    width = console.width
    rows = [[_cell(name, record[name], zone, width=width) for name in names] for record in records]
    _show_table(console, names, rows, pager=pager)


def show_one(console: Console, record: Mapping[str, Any], *, zone: tzinfo, pager: str | None) -> None:
    """Print one record as a table of two columns, and the content of a post unchanged below it."""
    values = {_title(name): _cell(name, value, zone) for name, value in record.items() if name != "content"}
    lines = _two_columns(console, [(Cell(title, "bold"), [[value]]) for title, value in values.items()], gap=2)
    content = record.get("content")
    print_lines(console, [*lines, *(["", *content_lines(console, content)] if content else [])], pager=pager)


def show_hits(console: Console, records: Iterable[Mapping[str, Any]], *, zone: tzinfo, pager: str | None) -> None:
    """Print the hits of a search with the text around each match, unless there are no hits."""
    hits = [(Cell(str(record["id"]), "dim"), [*_hit(record, zone), []]) for record in records]
    print_lines(console, _two_columns(console, hits, gap=GAP, right=frozenset({0})), pager=pager)


def show_bars(
    console: Console, records: Sequence[Mapping[str, Any]], names: Sequence[str], *, pager: str | None
) -> None:
    """Print figures by group, each with a bar as long as its number of posts relative to the largest."""
    group, *figures = names
    most = max((record["posts"] for record in records), default=0)
    rows = []
    for record in records:
        cells = max(1, round(_BAR_CELLS * record["posts"] / most)) if record["posts"] else 0
        numbers = (Cell(f"{record[name]:,}") for name in figures)
        rows.append([Cell(safe_line(record[group])), *numbers, Cell("━" * cells, "cyan")])
    _show_table(console, [*names, _BAR], rows, pager=pager)


def content_lines(console: Console, text: str) -> Iterator[str]:
    """Yield the lines of a text, broken between words to fit on a terminal and as they are elsewhere."""
    # Tabs are harmless, and indent code.
    safe = "\t".join(safe_text(part) for part in text.replace("\r\n", "\n").split("\t"))
    lines = safe.removesuffix("\n").split("\n")
    if console.width is None:
        yield from lines
        return
    for line in lines:
        yield from ("".join(cell.text for cell in cells) for cells in wrap([Cell(line.expandtabs())], console.width))


def summary_lines(console: Console, record: Mapping[str, Any], zone: tzinfo) -> Iterator[str]:
    """Yield a post's title, status, date, author, tags, id and slug, in three lines where they fit."""
    name = next(name for name in ("trashed_at", "published_at", "created_at") if record[name])
    when = _cell(name, record[name], zone).text
    date = when if name == "published_at" else f"{name.removesuffix('_at')} {when}"
    status = _cell("status", record["status"], zone)
    facts = " · ".join((date, record["author"], *([", ".join(record["tags"])] if record["tags"] else [])))
    for line in (
        [Cell(safe_line(record["title"]), "bold")],
        [status, Cell(f" · {safe_line(facts)}", "dim")],
        [Cell(f"id {record['id']} · slug {safe_line(record['slug'])}", "dim")],
    ):
        yield from (_painted(console, cells) for cells in wrap(line, console.width))


def _show_table(console: Console, names: Sequence[str], rows: Sequence[Sequence[Cell]], *, pager: str | None) -> None:
    if not rows:
        return
    available = console.width
    titles = [_title(name) for name in names]
    most = available or _MAX_ALIGNED
    natural = {
        name: max(width_of(title, most), *(width_of(row[number].text, most) for row in rows))
        for number, (name, title) in enumerate(zip(names, titles, strict=True))
    }
    widths = list((natural if available is None else fit_columns(natural, available)).values())
    header = [Cell(title, "bold") for title in titles]
    right = frozenset(number for number, name in enumerate(names) if name in _NUMBERS)
    shown: Iterable[Sequence[Cell]] = (row[: len(widths)] for row in (header, *rows))
    if available is not None:
        shown = (
            [Cell(cut(cell.text, width), cell.style) for cell, width in zip(row, widths, strict=True)] for row in shown
        )
    head, *body = grid_lines(shown, widths, right=right, has_color=console.has_color)
    rule = "─" * (sum(widths) + GAP * (len(widths) - 1))
    print_lines(console, [head, rule, *body], pager=pager)


def _two_columns(
    console: Console,
    entries: Sequence[tuple[Cell, Sequence[Sequence[Cell]]]],
    *,
    gap: int,
    right: frozenset[int] = frozenset(),
) -> Iterator[str]:
    """Yield lines of labels, each with the lines of text that stand to the right of it."""
    label_width = max((width_of(label.text, _MAX_ALIGNED) for label, _ in entries), default=0)
    rest = None if console.width is None else console.width - label_width - gap
    for label, texts in entries:
        lines = [_painted(console, line) for text in texts for line in wrap(text, rest)]
        labels = [label, *[Cell("")] * (len(lines) - 1)]
        rows = ([each, Cell(line)] for each, line in zip(labels, lines, strict=True))
        yield from grid_lines(rows, [label_width, 0], right=right, gap=gap, has_color=console.has_color)


def _painted(console: Console, cells: Iterable[Cell]) -> str:
    return "".join(paint(cell, has_color=console.has_color) for cell in cells)


def _title(name: str) -> str:
    return _TITLES.get(name) or name.removesuffix("_at").replace("_", " ").capitalize()


def _hit(record: Mapping[str, Any], zone: tzinfo) -> Iterator[list[Cell]]:
    """Yield a title, then when, by whom and under which tags, then the text around the first hit."""
    when = f" {_cell('published_at', record['published_at'], zone).text}" if record["published_at"] else ""
    facts = " · ".join((when, record["author"], *([", ".join(record["tags"])] if record["tags"] else [])))
    yield [Cell(safe_line(record["title"]), "bold")]
    yield [_cell("status", record["status"], zone), Cell(safe_line(facts), "dim")]
    if record["snippet"]:
        parts = record["snippet"].split(HIT_MARK)
        yield [Cell(safe_line(part), "bold yellow" if number % 2 else "") for number, part in enumerate(parts)]


def _local(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:
        # At either end of the calendar a zone can lie beyond it.
        return instant


def _cell(name: str, value: Any, zone: tzinfo, *, width: int | None = None) -> Cell:  # noqa: ANN401 - any JSON value
    """Return a value as text for people, truncated to what can fill `width` cells."""
    if value is None:
        return Cell("—", "dim")
    if name == "status":
        return Cell(value, _STATUS_STYLES.get(value, ""))
    if name.endswith("_at"):
        return Cell(_local(datetime.fromisoformat(value), zone).replace(tzinfo=None).isoformat(" ", "minutes"))
    if isinstance(value, bool):
        return Cell("yes" if value else "no", "" if value else "dim")
    if isinstance(value, (int, float)) and name != "id":
        return Cell(f"{value:,}")
    text = formats.plain(value)
    return Cell(safe_line(text if width is None else head_of(text, width)), "dim" if name in ("id", "uuid") else "")
