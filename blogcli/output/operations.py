"""Describe operations of the journal, and the rows that they changed, for people."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import tzinfo
from typing import Any

from . import formats
from .console import Console
from .layout import Cell, paint
from .tables import show_list, time_text
from .text import safe_line

Record = Mapping[str, Any]
_COUNTED = ("user", "post", "tag", "link")
# The maximum number of characters of a value in a line.
_MAX_VALUE = 60
_ACTION_STYLES = {"created": "green", "deleted": "red"}


def show_operations(console: Console, records: Iterable[Record], *, zone: tzinfo, pager: str | None) -> None:
    """Print a table of operations."""
    rows = (
        {
            "op": str(record["id"]),
            "when_at": record["ended_at"],
            "who": record["actor"],
            "what": describe_command(record),
            "changed": describe_counts(record),
            "undone_by": "" if record["undone_by"] is None else str(record["undone_by"]),
        }
        for record in records
    )
    names = ("op", "when_at", "who", "what", "changed", "undone_by")
    show_list(console, rows, names, zone=zone, pager=pager)


def describe_command(record: Record) -> str:
    """Return the command line of an operation, or the program that made changes outside of blogcli."""
    if record["kind"] == "outside":
        return f"(outside, {record['program'] or 'unknown program'})"
    return str(record["command"] or record["kind"])


def describe_counts(record: Record) -> str:
    """Return the numbers of changes, such as `2 tags, 812 posts`."""
    counts = [(record[f"{noun}s"], noun) for noun in _COUNTED]
    return ", ".join(_amount(count, noun) for count, noun in counts if count)


def _amount(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def operation_lines(console: Console, record: Record, zone: tzinfo) -> Iterator[str]:
    """Yield the lines that describe an operation: its command, who ran it and when, and the numbers of changes."""
    title = f"Operation {record['id']}: {safe_line(describe_command(record))}"
    yield paint(Cell(title, "bold"), has_color=console.has_color)
    place = f" on {record['host']}" if record["host"] else ""
    profile = f", profile {record['profile']}" if record["profile"] else ""
    who = f"{record['actor'] or 'unknown user'}{place}, {time_text(record['ended_at'], zone)}{profile}"
    yield f"  {safe_line(who)}"
    yield f"  {describe_counts(record) or 'no rows'}"
    if record["undone_by"] is not None:
        yield f"  undone by {record['undone_by']}"
    if record["forgotten"]:
        yield f"  the former values of {_amount(record['forgotten'], 'change')} were erased"


def row_line(console: Console, row: Record, zone: tzinfo) -> str:
    """Return a line that describes what an operation changed in a user, a post or a tag."""
    name = f" ({safe_line(row['name'])})" if row["name"] else ""
    parts = "; ".join(_describe_changes(row, zone))
    action = "" if row["action"] == "changed" else paint(_style(row["action"]), has_color=console.has_color)
    label = paint(Cell(f"{row['noun']} {row['id']}{name}", "bold"), has_color=console.has_color)
    return f"{label}  {'; '.join(filter(None, (action, parts)))}"


def _style(action: str) -> Cell:
    return Cell(action, _ACTION_STYLES.get(action, ""))


def _describe_changes(row: Record, zone: tzinfo) -> Iterator[str]:
    for field in row["fields"]:
        yield _describe_field(field.name, field.before, field.after, zone)
    tags = [*(f"+{name}" for name in row["added_tags"]), *(f"-{name}" for name in row["removed_tags"])]
    if tags and row["action"] != "deleted":
        yield f"tags {safe_line(' '.join(tags))}"
    if row["is_forgotten"]:
        yield "former values were erased"
    elif row["action"] == "changed" and not row["fields"] and not tags and row["bookkeeping"]:
        yield f"only {', '.join(row['bookkeeping'])}"


def _describe_field(name: str, before: object, after: object, zone: tzinfo) -> str:
    if name == "hashed_password":
        return "password changed"
    if name == "content":
        return f"content changed ({before:,} -> {after:,} characters)" if _are_numbers(before, after) else name
    return f"{name} {_show(name, before, zone)} -> {_show(name, after, zone)}"


def _are_numbers(*values: object) -> bool:
    return all(isinstance(value, int) for value in values)


def _show(name: str, value: Any, zone: tzinfo) -> str:  # noqa: ANN401 - any JSON value
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_at") and isinstance(value, str):
        # A value that is no instant is shown unchanged.
        with suppress(ValueError):
            return time_text(value, zone)
    text = formats.plain(value)
    return safe_line(text if len(text) <= _MAX_VALUE else f"{text[: _MAX_VALUE - 1]}…")
