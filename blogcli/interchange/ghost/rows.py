"""The rows of a Ghost export, one after the other, whatever its tables are put into."""

from collections import Counter
from collections.abc import Container, Iterator
from typing import Any, NamedTuple

import ijson  # type: ignore[import-untyped]

from ...errors import InvalidError
from ..sources import Source
from .events import Event, events, first_events

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
_ENDINGS = {"map_key", "end_map", "end_array"}


class Row(NamedTuple):
    """A row, its number in its table, from 1, and its value: None where the table is not wanted."""

    table: str
    number: int
    value: Any


def rows(source: Source, wanted: Container[str]) -> Iterator[Row]:
    """The rows of all tables; InvalidError where the source is no JSON, or one beyond all measure."""
    if source.path.is_dir():
        raise InvalidError(f"{source.name}: a folder", hint="Name the JSON file that Ghost exported.")
    way = _Way(wanted)
    for position, batch in events(source):
        for event in batch:
            row = way.row_ended_by(event)
            if row:
                yield row
        way.check(source, position, is_progress=bool(batch))


def is_ghost(start: bytes) -> bool:
    """Whether a file that begins so is in the shape of Ghost's exports."""
    path: list[str] = []
    for event in first_events(start):
        if _is_shape(tuple(path), event[0]):
            return True
        _step(path, event)
    return False


def _is_shape(path: tuple[str, ...], event: str) -> bool:
    is_table = event == "start_array" and bool(path) and path[-1] in _BARE and path[:-1] in ((), *_WRAPPERS)
    return is_table or (event != "map_key" and path in _META)


def _step(path: list[str], event: Event) -> None:
    # The names of what is open: of an object, the name that is being read.
    match event[0]:
        case "map_key":
            path[-1] = event[1]
        case "start_map":
            path.append("")
        case "start_array":
            path.append("item")
        case "end_map" | "end_array":
            path.pop()


class _Way:
    """Where in a file the last event was, and the row it belonged to."""

    def __init__(self, wanted: Container[str]) -> None:
        self._wanted = wanted
        self._path: list[str] = []
        self._numbers = Counter[str]()
        self._table: str | None = None
        self._depth = self._values = 0
        # The bytes before the batch in which the row began, or no row was open.
        self._start = 0
        self._builder = ijson.ObjectBuilder()

    def row_ended_by(self, event: Event) -> Row | None:
        """The row that is complete with the event, if one is."""
        if self._table is None and event[0] not in _ENDINGS:
            self._table = self._table_of_row()
            self._depth = len(self._path)
            self._builder, self._values = ijson.ObjectBuilder(), 0
        table = self._table
        self._values += 1
        if table in self._wanted:
            self._builder.event(*event)
        _step(self._path, event)
        if table is None or len(self._path) > self._depth or event[0] == "map_key":
            return None
        self._table = None
        self._numbers[table] += 1
        return Row(table, self._numbers[table], self._builder.value)

    def check(self, source: Source, position: int, *, is_progress: bool) -> None:
        """InvalidError where what is open is nested too deeply or too long, or has more in it than memory."""
        if self._table is None and is_progress:
            self._start = position
        if len(self._path) > _MAX_DEPTH:
            raise InvalidError(f"{source.name}: byte {position:,}: nested more than {_MAX_DEPTH} levels deep")
        if position - self._start > _LONGEST:
            raise InvalidError(f"{source.name}: byte {self._start:,}: a row of more than {_LONGEST:,} bytes")
        if self._values > _MOST_VALUES:
            raise InvalidError(f"{source.name}: byte {self._start:,}: a row of more than {_MOST_VALUES:,} values")
        if len(self._numbers) > _MOST_TABLES:
            raise InvalidError(f"{source.name}: byte {position:,}: more than {_MOST_TABLES:,} tables")

    def _table_of_row(self) -> str | None:
        match self._path:
            case ["data", table, "item"] | ["db", "item", "data", table, "item"]:
                return table
            case [table, "item"] if table in _BARE:
                return table
        return None
