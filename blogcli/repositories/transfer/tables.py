"""The tables and columns that a backup or a copy of a blog contains."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy import JSON, Boolean, Column, Table, Uuid

from ...models.base import Instant
from ...models.indexes import metadata

# The tables in an order in which each row is inserted after the rows to which it refers.
TABLES = (
    "blog",
    "users",
    "tags",
    "posts",
    "post_tags",
    "post_imports",
    "journal_operations",
    "journal_changes",
)


class ColumnKind(Enum):
    """The kind of values in a column, which determines how the values are converted."""

    PLAIN = auto()
    FLAG = auto()
    INSTANT = auto()
    UUID = auto()
    JSON = auto()
    # The former values of a row, which the triggers of each database system record in another format.
    IMAGE = auto()


@dataclass(frozen=True, slots=True)
class TransferTable:
    """A table with its stored columns. The rows are read in the order of the key."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    kinds: tuple[ColumnKind, ...]

    @property
    def has_ids(self) -> bool:
        """Whether the database generates the ids of the rows."""
        return self.key == ("id",)

    def positions(self, kind: ColumnKind) -> list[int]:
        """Return the positions of the columns of a kind."""
        return [position for position, other in enumerate(self.kinds) if other is kind]


def transfer_tables(existing: Mapping[str, set[str]]) -> Iterator[TransferTable]:
    """Yield the tables with those columns that exist in a database.

    `existing` maps the names of tables to the names of their columns. A database at an older revision lacks some
    tables and columns.
    """
    for name in TABLES:
        table = metadata.tables[name]
        columns = [
            column for column in table.columns if column.computed is None and column.name in existing.get(name, ())
        ]
        if columns:
            yield TransferTable(
                name,
                tuple(column.name for column in table.primary_key.columns),
                tuple(column.name for column in columns),
                tuple(_kind(table, column) for column in columns),
            )


def _kind(table: Table, column: Column[object]) -> ColumnKind:
    if (table.name, column.name) == ("journal_changes", "was"):
        return ColumnKind.IMAGE
    match column.type:
        case Boolean():
            return ColumnKind.FLAG
        case Instant():
            return ColumnKind.INSTANT
        case Uuid():
            return ColumnKind.UUID
        case JSON():
            return ColumnKind.JSON
        case _:
            return ColumnKind.PLAIN
