"""Print records on stdout in the selected format and with the selected fields."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import cached_property
from itertools import chain
from typing import Any

from .. import output
from ..enums import OutputFormat
from ..errors import UsageError
from ..text.suggestions import suggest_name
from . import formats
from .console import Console

Record = Mapping[str, Any]
Writer = Callable[[Iterable[Record], Sequence[str]], Iterator[str]]

_WRITERS: dict[OutputFormat, Writer] = {
    OutputFormat.JSON: formats.json_array,
    OutputFormat.JSONL: formats.json_lines,
    OutputFormat.CSV: formats.comma_separated,
    OutputFormat.TSV: formats.tab_separated,
    OutputFormat.IDS: formats.ids,
}


class Columns:
    """The fields of a type of record, and the fields that a table shows, both in their documented order.

    By default, a table shows all fields. `list_fields` returns the names of all fields. The function is called when the
    names are first needed, because importing the schemas takes long.
    """

    def __init__(self, list_fields: Callable[[], Iterable[str]], table: tuple[str, ...] | None = None) -> None:
        self._list_fields = list_fields
        self._table = table

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields in order."""
        return tuple(self._list_fields())

    @property
    def table(self) -> tuple[str, ...]:
        """The names of the fields that a table shows."""
        return self.fields if self._table is None else self._table


@dataclass(frozen=True, slots=True)
class OutputChoice:
    """The values of the output options, with defaults from the settings.

    `format`, `fields` and `field` are None if nothing is selected. `pager` is None if no pager may be used.
    """

    format: OutputFormat | None = None
    fields: tuple[str, ...] | None = None
    field: str | None = None
    csv_safe: bool = False
    pager: str | None = None

    @property
    def is_explicit(self) -> bool:
        """Whether the user has selected a format or fields."""
        return self.format is not None or self.fields is not None or self.field is not None

    def format_for(self, console: Console) -> OutputFormat:
        """Return the selected format or, by default, a table for a terminal and tab-separated values otherwise."""
        return self.format or (OutputFormat.TABLE if console.stdout_is_terminal else OutputFormat.TSV)

    def verify(self, columns: Columns) -> None:
        """Raise UsageError if records with these columns cannot be printed as selected."""
        if self.fields is not None or self.field:
            self.names(columns, table=False)
        elif self.format is OutputFormat.IDS and "id" not in columns.fields:
            raise UsageError("These records have no id", hint="Choose another --format.")

    def names(self, columns: Columns, *, table: bool) -> tuple[str, ...]:
        """Return the names of the fields to print.

        If the user has selected no fields, the default fields of a table are printed if `table` is set, and otherwise
        all fields. Raises UsageError for an unknown field, with a hint that lists the valid names.
        """
        selected = (self.field,) if self.field else self.fields
        if selected is None:
            return columns.table if table else columns.fields
        unknown = [name for name in selected if name not in columns.fields]
        if unknown or not selected:
            similar = suggest_name(unknown[0], columns.fields) if unknown else None
            suggestion = f"Did you mean {similar!r}? " if similar else ""
            raise UsageError(
                f"Unknown field: {', '.join(unknown) or '(none)'}",
                hint=f"{suggestion}Use one of the fields {', '.join(columns.fields)}.",
            )
        return selected


def show_records(
    console: Console, records: Iterable[Record], columns: Columns, choice: OutputChoice, *, zone: tzinfo
) -> None:
    """Print a list of records."""
    format_ = choice.format_for(console)
    names = choice.names(columns, table=format_ is OutputFormat.TABLE)
    if format_ is OutputFormat.TABLE and not choice.field:
        output.tables.show_list(console, records, names, zone=zone, pager=choice.pager)
    elif format_ is OutputFormat.COUNT:
        console.write([f"{sum(1 for _ in records)}\n"])
    else:
        console.write(_format_records(records, names, choice, format_))


def show_record(console: Console, record: Record, columns: Columns, choice: OutputChoice, *, zone: tzinfo) -> None:
    """Print one record as a JSON object, a YAML map or a table of two columns.

    In any other format, or if a single field is selected, the record is printed as a list of one record.
    """
    format_ = choice.format_for(console)
    names = choice.names(columns, table=False)
    selected = {name: record[name] for name in names}
    if choice.field or format_ not in (OutputFormat.TABLE, OutputFormat.JSON, OutputFormat.YAML):
        show_records(console, [record], columns, choice, zone=zone)
    elif format_ is OutputFormat.TABLE:
        output.tables.show_one(console, selected, zone=zone, pager=choice.pager)
    elif format_ is OutputFormat.JSON:
        console.write([formats.json_object(selected)])
    else:
        console.write([output.yaml.yaml_map(selected)])


def show_page(
    console: Console,
    records: Iterable[Record],
    columns: Columns,
    choice: OutputChoice,
    *,
    following: str | None,
    total: int | None,
) -> None:
    """Print a page of a list as one JSON object with the `items`, the cursor of the `next` page and the `total`."""
    names = choice.names(columns, table=False)
    items = ({name: record[name] for name in names} for record in records)
    console.write(formats.json_page(items, following=following, total=total))


def _format_records(
    records: Iterable[Record], names: Sequence[str], choice: OutputChoice, format_: OutputFormat
) -> Iterator[str]:
    if choice.field:
        return formats.raw_values(records, names)
    if format_ is OutputFormat.IDS:
        return formats.ids(_with_ids(records), names)
    # Records contain exactly the fields of the columns in the same order, so a record has to be copied only if the user
    # has selected fields.
    selected = records if choice.fields is None else ({name: record[name] for name in names} for record in records)
    if format_ is OutputFormat.YAML:
        return output.yaml.yaml_list(selected, names)
    if format_ is OutputFormat.CSV and choice.csv_safe:
        return formats.spreadsheet_csv(selected, names)
    return _WRITERS[format_](selected, names)


def _with_ids(records: Iterable[Record]) -> Iterator[Record]:
    """Return an iterator over all records, after checking that the first record has an id.

    Raises UsageError if the first record has no id.
    """
    remaining = iter(records)
    first = next(remaining, None)
    if first is None:
        return iter(())
    if "id" not in first:
        raise UsageError("These records have no id", hint="Choose another --format.")
    return chain([first], remaining)
