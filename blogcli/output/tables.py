"""Tables for people."""

import io
import os
import re
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from rich import box
from rich.console import Console as RichConsole
from rich.console import RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from ..enums import HIT_MARK
from . import formats
from .console import Console
from .pager import page
from .text import safe_line, safe_text
from .widths import fit_columns

_STATUS_STYLES = {"published": "green", "scheduled": "cyan", "draft": "yellow", "trashed": "red"}
_TITLES = {
    "id": "ID",
    "uuid": "UUID",
    "is_active": "Active",
    "published_at": "Published",
    "size": "Size (bytes)",
    "round_trip": "Round trip (ms)",
}
_NUMBERS = {"id", "posts", "words", "version", "score"}
_BAR_CELLS = 30
# Rich fills lines with blanks up to the column's width, before or after the end of the colour; where the terminal takes
# a script for wider than Rich does, they would wrap.
_PADDING = re.compile(r" *(\x1b\[0m)? *\n")


def show_list(
    console: Console, records: Iterable[Mapping[str, Any]], names: Sequence[str], *, zone: tzinfo, pager: str | None
) -> None:
    """A table with a line for each record, cut to the width of the terminal; nothing for no records."""
    rows = [[_cell(name, record[name], zone) for name in names] for record in records]
    if not rows:
        return
    rich = _rich(console)
    cells = {name: [Text(_title(name)), *column] for name, *column in zip(names, *rows, strict=True)}
    natural = {name: max(cell.cell_len for cell in column) for name, column in cells.items()}
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    widths = fit_columns(natural, rich.width)
    for name, width in widths.items():
        table.add_column(
            _title(name),
            justify="right" if name in _NUMBERS else "left",
            no_wrap=True,
            overflow="ellipsis",
            width=width,
        )
    for row in rows:
        table.add_row(*row[: len(widths)])
    _print(console, rich, table, pager=pager)


def show_one(console: Console, record: Mapping[str, Any], *, zone: tzinfo, pager: str | None) -> None:
    """One record as a table of two columns; a post's content stands below it, as it is."""
    rich = _rich(console)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in record.items():
        if name != "content":
            table.add_row(_title(name), _cell(name, value, zone))
    parts: list[RenderableType] = [table]
    if record.get("content"):
        parts += ["", Text(safe_text(record["content"]))]
    _print(console, rich, *parts, pager=pager)


def show_hits(console: Console, records: Iterable[Mapping[str, Any]], *, zone: tzinfo, pager: str | None) -> None:
    """What a search found, each hit with the text around it; nothing for none."""
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for record in records:
        table.add_row(str(record["id"]), _hit(record, zone))
    if table.row_count:
        _print(console, _rich(console), table, pager=pager)


def show_bars(
    console: Console, records: Sequence[Mapping[str, Any]], names: Sequence[str], *, pager: str | None
) -> None:
    """Figures by group, each with a bar as long as its share of the largest."""
    rich = _rich(console)
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    group, *figures = names
    table.add_column(_title(group), no_wrap=True, overflow="ellipsis")
    for name in figures:
        table.add_column(_title(name), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    most = max((record["posts"] for record in records), default=0)
    for record in records:
        bar = "━" * max(1, round(_BAR_CELLS * record["posts"] / most))
        table.add_row(
            Text(safe_line(record[group])), *(f"{record[name]:,}" for name in figures), Text(bar, style="cyan")
        )
    if records:
        _print(console, rich, table, pager=pager)


def show_markdown(console: Console, texts: Iterable[str], *, pager: str | None) -> None:
    """Markdown as it is meant to look."""
    rich = _rich(console)
    _print(console, rich, *(Markdown(safe_text(text)) for text in texts), pager=pager)


def _rich(console: Console) -> RichConsole:
    # Into a pipe or file nothing is cut unless COLUMNS says how wide it may be.
    columns = os.environ.get("COLUMNS", "")
    width = None if console.stdout_is_terminal or columns.isdecimal() else 32_767
    return RichConsole(
        file=sys.stdout,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
        force_terminal=True if console.has_color else None,
        color_system="auto" if console.has_color else None,
    )


def _print(console: Console, rich: RichConsole, *parts: RenderableType, pager: str | None) -> None:
    buffer = io.StringIO()
    sink, rich.file = rich.file, buffer
    rich.print(*parts, sep="\n", soft_wrap=False)
    rich.file = sink
    text = _PADDING.sub(r"\1\n", buffer.getvalue())
    too_long = text.count("\n") >= shutil.get_terminal_size().lines
    if pager and too_long and console.stdout_is_terminal and sys.stdin.isatty():
        page(text, pager)
    else:
        sys.stdout.write(text)


def _title(name: str) -> str:
    return _TITLES.get(name) or name.removesuffix("_at").replace("_", " ").capitalize()


def _hit(record: Mapping[str, Any], zone: tzinfo) -> Text:
    """A title; below it when, by whom and under which tags; below that the text around the first hit."""
    when = f" {_cell('published_at', record['published_at'], zone)}" if record["published_at"] else ""
    facts = " · ".join((when, record["author"], *([", ".join(record["tags"])] if record["tags"] else [])))
    status = _cell("status", record["status"], zone)
    hit = Text.assemble((safe_line(record["title"]), "bold"), "\n", status, (safe_line(facts), "dim"))
    if record["snippet"]:
        hit.append("\n")
    for number, part in enumerate(record["snippet"].split(HIT_MARK)):
        hit.append(safe_line(part), style="bold yellow" if number % 2 else "")
    return hit.append("\n")


def _local(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:
        # At either end of the calendar a zone can lie beyond it.
        return instant


def _cell(name: str, value: Any, zone: tzinfo) -> Text:  # noqa: ANN401 - any JSON value
    if value is None:
        return Text("—", style="dim")
    if name == "status":
        return Text(value, style=_STATUS_STYLES.get(value, ""))
    if name.endswith("_at"):
        return Text(_local(datetime.fromisoformat(value), zone).replace(tzinfo=None).isoformat(" ", "minutes"))
    if isinstance(value, bool):
        return Text("yes" if value else "no", style="" if value else "dim")
    if isinstance(value, (int, float)) and name != "id":
        return Text(f"{value:,}")
    return Text(safe_line(formats.plain(value)), style="dim" if name in ("id", "uuid") else "")
