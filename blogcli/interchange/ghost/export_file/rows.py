"""The rows of a Ghost export, one after the other, whatever its tables are put into."""

import math
from collections import Counter
from collections.abc import Container, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import ijson  # type: ignore[import-untyped]

from ....errors import InvalidError
from ...sources import Source
from .events import events, first_events

# Of a row, in bytes; a post that is longer is no post.
_LONGEST = 64 * 1024 * 1024
# Ghost has about a hundred tables, of about forty columns.
_MOST_TABLES, _MOST_VALUES = 1_000, 1_000_000
# Python allows about a thousand nested calls.
_MAX_DEPTH = 200
# What Ghost puts its tables into; some exports have none of it.
_WRAPPERS = (("db", "item", "data"), ("data",))
_BARE = {"posts", "posts_meta", "posts_tags", "posts_authors", "tags", "users"}
_META = (("meta", "exported_on"), ("db", "item", "meta", "exported_on"))
# What shows the shape lies no deeper.
_SHAPE_DEPTH = max(map(len, (*_META, *((*wrapper, "posts") for wrapper in _WRAPPERS))))
_OPENING, _CLOSING = {"start_map", "start_array"}, {"end_map", "end_array"}
_ENDINGS = {"map_key", *_CLOSING}


class Row(NamedTuple):
    """A row, its number in its table, from 1, and its value: None where the table is not wanted."""

    table: str
    number: int
    value: Any


def rows(source: Source, wanted: Container[str]) -> Iterator[Row]:
    """The rows of all tables; InvalidError where the source is no JSON, or one beyond all measure."""
    if source.path.is_dir():
        raise InvalidError(f"{source.name}: a folder", hint="Name the JSON file that Ghost exported.")
    position = _Position(source.name, wanted)
    for end, batch in events(source):
        for event, value in batch:
            row = position.row_ended_by(event, value)
            if row is not None:
                yield row
        position.check(end, len(batch))


def is_ghost(start: bytes) -> bool:
    """Whether a file that begins so is in the shape of Ghost's exports."""
    path: list[str] = []
    for event, value in first_events(start):
        if len(path) <= _SHAPE_DEPTH and _is_shape(tuple(path), event):
            return True
        _step(path, event, value)
    return False


def _is_shape(path: tuple[str, ...], event: str) -> bool:
    # Others too have tags and users, and nothing around them.
    is_table = path == ("posts",) or (bool(path) and path[-1] in _BARE and path[:-1] in _WRAPPERS)
    return (is_table and event == "start_array") or (event != "map_key" and path in _META)


def _step(path: list[str], event: str, value: object) -> None:
    # The names of what is open: of an object, the name that is being read.
    if event == "map_key":
        path[-1] = str(value)
    elif event in _OPENING:
        path.append("item" if event == "start_array" else "")
    elif event in _CLOSING:
        path.pop()


class _Position:
    """Where in a file the last event was, and the row it belonged to."""

    def __init__(self, name: str, wanted: Container[str]) -> None:
        self._name, self._wanted = name, wanted
        # What is open outside rows, and how much is open within one.
        self._path: list[str] = []
        self._depth = 0
        self._table: str | None = None
        self._builder: Any = None
        self._numbers = Counter[str]()
        # The bytes before the row, and the values in it, but for a batch.
        self._start = self._values = 0
        # Whether a row did since the last batch.
        self._has_ended = False

    def row_ended_by(self, event: str, value: object) -> Row | None:
        """The row that is complete with the event, if one is."""
        if self._table is None:
            if event in _ENDINGS or not self._is_row():
                _step(self._path, event, value)
                return None
            self._builder = ijson.ObjectBuilder() if self._table in self._wanted else None
        if event in _OPENING:
            self._deepen()
        elif event in _CLOSING:
            self._depth -= 1
        if self._builder:
            self._builder.event(event, _number(value) if isinstance(value, Decimal) else value)
        return None if self._depth or event == "map_key" else self._ended()

    def check(self, position: int, events: int) -> None:
        """InvalidError where more is open or known than memory has room for."""
        if self._has_ended or (self._table is None and events):
            self._start, self._values, self._has_ended = position, 0, False
        self._values += events
        if len(self._path) > _MAX_DEPTH:
            raise InvalidError(f"{self._name}: byte {position:,}: nested more than {_MAX_DEPTH} levels deep")
        if position - self._start > _LONGEST:
            raise InvalidError(f"{self._name}: byte {self._start:,}: a row of more than {_LONGEST:,} bytes")
        if self._table and self._values > _MOST_VALUES:
            raise InvalidError(f"{self._name}: byte {self._start:,}: a row of more than {_MOST_VALUES:,} values")
        if len(self._numbers) > _MOST_TABLES:
            raise InvalidError(f"{self._name}: byte {position:,}: more than {_MOST_TABLES:,} tables")

    def _deepen(self) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            place = f"row {self._numbers[self._table or ''] + 1:,} of {self._table}"
            raise InvalidError(f"{self._name}: {place}: nested more than {_MAX_DEPTH} levels deep")

    def _is_row(self) -> bool:
        match self._path:
            case ["data", table, "item"] | ["db", "item", "data", table, "item"]:
                self._table = table
            case [table, "item"] if table in _BARE:
                self._table = table
        return self._table is not None

    def _ended(self) -> Row:
        table, self._table = self._table or "", None
        self._numbers[table] += 1
        self._has_ended = True
        return Row(table, self._numbers[table], self._builder.value if self._builder else None)


def _number(value: Decimal) -> float | str:
    """As close as Python's own numbers come, else as it was written."""
    number = float(value)
    return number if math.isfinite(number) else str(value)
