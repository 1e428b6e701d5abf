"""Read the rows of a Ghost export one by one. The path of the tables depends on the version of Ghost."""

import math
from collections import Counter
from collections.abc import Container, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import ijson  # type: ignore[import-untyped]  # ijson has no type hints

from ....errors import InvalidError
from ...sources import Source
from .events import iter_event_batches, parse_start

# The maximum size of a row in bytes. A file with a larger row is rejected, because each row must fit in memory.
_MAX_ROW_SIZE = 64 * 1024 * 1024
# The maximum number of tables in a file, and the maximum number of values in a row. Ghost exports stay far below these
# limits, because Ghost has only about a hundred tables, and each table has at most about forty columns.
_MAX_TABLES = 1_000
_MAX_VALUES = 1_000_000
# The maximum depth of nested values. Rows are processed recursively, and Python allows only about a thousand nested
# calls.
_MAX_DEPTH = 200
# The possible paths of the object that contains the tables. Some files contain the tables at the top level instead.
_WRAPPERS = (("db", "item", "data"), ("data",))
# The names that identify a table at the top level of a file. Other lists at the top level are not read.
_TOP_LEVEL_TABLES = {"posts", "posts_meta", "posts_tags", "posts_authors", "tags", "users"}
_META_PATHS = (("meta", "exported_on"), ("db", "item", "meta", "exported_on"))
# The length of the longest path that identifies a Ghost export.
_MAX_SHAPE_DEPTH = max(map(len, (*_META_PATHS, *((*wrapper, "posts") for wrapper in _WRAPPERS))))
_OPENING_EVENTS = {"start_map", "start_array"}
_CLOSING_EVENTS = {"end_map", "end_array"}
_KEY_OR_CLOSING_EVENTS = {"map_key", *_CLOSING_EVENTS}


class Row(NamedTuple):
    """A row of a table. The rows of each table are numbered from 1.

    `value` is None if the values of the table were not requested.
    """

    table: str
    number: int
    value: Any


def iter_rows(source: Source, wanted_tables: Container[str]) -> Iterator[Row]:
    """Yield the rows of all tables. The value of a row is None if the table is not in `wanted_tables`.

    Raises InvalidError if the source is not JSON or exceeds a limit.
    """
    if source.is_folder:
        raise InvalidError(
            f"{source.name}: not a Ghost export: it is a folder", hint="Use the JSON file that Ghost exported."
        )
    builder = _RowBuilder(source.name, wanted_tables)
    for position, batch in iter_event_batches(source):
        for event, value in batch:
            row = builder.add(event, value)
            if row is not None:
                yield row
        builder.check_limits(position, len(batch))


def has_ghost_shape(start: bytes) -> bool:
    """Return whether the first bytes of a file contain a table or metadata at a path that Ghost exports use."""
    path: list[str] = []
    for event, value in parse_start(start):
        if len(path) <= _MAX_SHAPE_DEPTH and _is_ghost_path(tuple(path), event):
            return True
        _follow(path, event, value)
    return False


def _is_ghost_path(path: tuple[str, ...], event: str) -> bool:
    # At the top level, only the table `posts` identifies a Ghost export, because JSON files in other formats have the
    # keys `tags` and `users` at the top level as well.
    is_table = path == ("posts",) or (bool(path) and path[-1] in _TOP_LEVEL_TABLES and path[:-1] in _WRAPPERS)
    return (is_table and event == "start_array") or (event != "map_key" and path in _META_PATHS)


def _follow(path: list[str], event: str, value: object) -> None:
    """Update a path after an event of the parser.

    A path contains an entry for each open object or list, beginning with the outermost. The entry is the current key of
    an object, or "item" for a list.
    """
    if event == "map_key":
        path[-1] = str(value)
    elif event in _OPENING_EVENTS:
        path.append("item" if event == "start_array" else "")
    elif event in _CLOSING_EVENTS:
        path.pop()


class _RowBuilder:
    """Builds rows from the events of a JSON file, and checks the limits for rows and tables."""

    def __init__(self, name: str, wanted_tables: Container[str]) -> None:
        self._name = name
        self._wanted_tables = wanted_tables
        # The path to the current row, and the number of open objects and lists in the row.
        self._path: list[str] = []
        self._depth = 0
        self._table: str | None = None
        self._builder: Any = None
        self._row_counts = Counter[str]()
        # The number of bytes before the current row, and the number of events in the row. Both numbers are approximate,
        # because they change only at the end of a batch of events.
        self._row_start = 0
        self._row_events = 0
        # Whether a row was completed after the previous call of `check_limits`.
        self._is_row_complete = False

    def add(self, event: str, value: object) -> Row | None:
        """Process an event. Returns the row that the event completes, or None if the event completes no row."""
        if self._table is None:
            if event in _KEY_OR_CLOSING_EVENTS or not self._enter_row():
                _follow(self._path, event, value)
                return None
            self._builder = ijson.ObjectBuilder() if self._table in self._wanted_tables else None
        if event in _OPENING_EVENTS:
            self._enter_level()
        elif event in _CLOSING_EVENTS:
            self._depth -= 1
        if self._builder:
            self._builder.event(event, _convert_number(value) if isinstance(value, Decimal) else value)
        return None if self._depth or event == "map_key" else self._complete_row()

    def check_limits(self, position: int, event_count: int) -> None:
        """Raise InvalidError if the current row, the number of tables or the depth of the path exceeds a limit.

        `position` is the number of bytes from the start of the file to the end of the current batch of events.
        `event_count` is the number of events in this batch.
        """
        if self._is_row_complete or (self._table is None and event_count):
            self._row_start = position
            self._row_events = 0
            self._is_row_complete = False
        self._row_events += event_count
        if len(self._path) > _MAX_DEPTH:
            raise InvalidError(f"{self._name}: byte {position:,}: nested more than {_MAX_DEPTH} levels deep")
        if position - self._row_start > _MAX_ROW_SIZE:
            raise InvalidError(f"{self._name}: byte {self._row_start:,}: a row of more than {_MAX_ROW_SIZE:,} bytes")
        if self._table and self._row_events > _MAX_VALUES:
            raise InvalidError(f"{self._name}: byte {self._row_start:,}: a row of more than {_MAX_VALUES:,} values")
        if len(self._row_counts) > _MAX_TABLES:
            raise InvalidError(f"{self._name}: byte {position:,}: more than {_MAX_TABLES:,} tables")

    def _enter_level(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            row = f"row {self._row_counts[self._table or ''] + 1:,} of {self._table}"
            raise InvalidError(f"{self._name}: {row}: nested more than {_MAX_DEPTH} levels deep")

    def _enter_row(self) -> bool:
        match self._path:
            case ["data", table, "item"] | ["db", "item", "data", table, "item"]:
                self._table = table
            case [table, "item"] if table in _TOP_LEVEL_TABLES:
                self._table = table
        return self._table is not None

    def _complete_row(self) -> Row:
        table = self._table or ""
        self._table = None
        self._row_counts[table] += 1
        self._is_row_complete = True
        return Row(table, self._row_counts[table], self._builder.value if self._builder else None)


def _convert_number(number: Decimal) -> float | str:
    """Convert a number to a float, or to a string if the number is NaN or too large for a float."""
    value = float(number)
    return value if math.isfinite(value) else str(number)
