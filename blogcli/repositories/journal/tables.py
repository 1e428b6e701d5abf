"""The tables whose changes the journal records."""

from dataclasses import dataclass

from sqlalchemy import JSON

from ...models import Base

# Maps each recorded table to its number in the journal. A number is never given to another table.
TABLE_NUMBERS = {"users": 1, "posts": 2, "tags": 3, "post_tags": 4, "post_imports": 5}
# The columns that identify a row: the first one is stored as `row_id`, and the second one as `other_id`.
_KEYS = {"post_tags": ("post_id", "tag_id"), "post_imports": ("post_id",)}


@dataclass(frozen=True, slots=True)
class JournaledTable:
    """A table whose changes the journal records, with its number, its key and the other columns."""

    number: int
    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    # The columns of the type JSON, whose text is recorded unchanged.
    json_columns: frozenset[str] = frozenset()


def journaled_tables() -> list[JournaledTable]:
    """Return the recorded tables with the columns that the models declare."""
    tables = []
    for name, number in TABLE_NUMBERS.items():
        key = _KEYS.get(name, ("id",))
        columns = [column for column in Base.metadata.tables[name].columns if column.name not in key]
        stored = tuple(column.name for column in columns if column.computed is None)
        json_columns = frozenset(column.name for column in columns if isinstance(column.type, JSON))
        tables.append(JournaledTable(number, name, key, stored, json_columns))
    return tables
