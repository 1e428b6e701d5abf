"""Read the changes of an operation, each with the values of the changed columns before and after it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Row, Select, String, case, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ...models import Base
from ...models.journal import JournalChange
from .tables import TABLE_NUMBERS, journaled_tables
from .values import convert_values

# The maximum number of changes that are read at once. Batches of large changes are smaller.
_BATCH = 200
# The approximate maximum size of the values in a batch, in characters.
_MAX_BATCH_SIZE = 8_000_000

_TABLES = {table.number: table for table in journaled_tables()}
# Links and imports belong to a post, so they follow the changes of this post.
_OWNER_TABLE = case(
    (JournalChange.table_no.in_((TABLE_NUMBERS["post_tags"], TABLE_NUMBERS["post_imports"])), TABLE_NUMBERS["posts"]),
    else_=JournalChange.table_no,
)
_Values: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A change of one row, with the values of the changed columns before and after it.

    `other_id` is the id of the tag if the row is a link, and otherwise 0. `action` is `i` (insert), `u` (update) or `d`
    (delete). `before` is None for an inserted row and if the former values were erased, and `after` is None for a
    deleted row. `after` lacks values that can no longer be determined. Values are those of JSON: instants and UUIDs are
    texts, and hashes of passwords are masked.
    """

    id: int
    table: str
    row_id: int
    other_id: int
    action: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


async def read_row_changes(
    session: AsyncSession, operation_id: int, *, limit: int | None = None, by_row: bool = False
) -> AsyncIterator[RowChange]:
    """Yield the changes of an operation, oldest first, with the values before and after each change.

    If `by_row` is true, the changes of users come first, then those of posts with their links and imports, and then
    those of tags. The changes of each user, post or tag follow each other, oldest first. `limit` is the maximum number
    of changes.

    The operation may still be open in the transaction of the session.
    """
    statement = _select_ids(operation_id, by_row=by_row)
    result = await session.stream_scalars(statement.limit(limit), execution_options={"yield_per": _BATCH})
    try:
        size = 1
        while ids := await result.fetchmany(size):
            changes = await _read_batch(session, ids)
            weight = sum(map(_weigh, changes))
            size = max(1, min(_BATCH, 2 * size, _MAX_BATCH_SIZE * len(ids) // max(weight, 1)))
            for change in changes:
                yield change
    finally:
        await result.close()


def _select_ids(operation_id: int, *, by_row: bool) -> Select[int]:
    statement = select(JournalChange.id).where(JournalChange.operation_id == operation_id)
    return statement.order_by(*((_OWNER_TABLE, JournalChange.row_id) if by_row else ()), JournalChange.id)


def _weigh(change: RowChange) -> int:
    values = (*(change.before or {}).values(), *(change.after or {}).values())
    return sum(len(value) for value in values if isinstance(value, str))


@dataclass(slots=True)
class _Pending:
    """A change whose values afterwards are being searched in the later changes of its row."""

    change: Row[Any]
    # The columns whose values were not found yet.
    missing: set[str]
    # The id of the last change of the row that was examined.
    position: int
    after: _Values = field(default_factory=dict)

    @property
    def ordered_values(self) -> _Values:
        """The values that were found, in the order of the columns in the change or in the table."""
        columns = self.change.was if self.change.action == "u" else _TABLES[self.change.table_no].columns
        return {column: self.after[column] for column in columns or () if column in self.after}

    def resolve(self, values: Mapping[str, Any]) -> None:
        """Take over the values of missing columns."""
        self.after |= {column: value for column, value in values.items() if column in self.missing}
        self.missing -= values.keys()


async def _read_batch(session: AsyncSession, ids: Sequence[int]) -> list[RowChange]:
    """Return the changes with the given ids, in the order of the ids."""
    rows = {row.id: row for row in await session.execute(_select_changes(ids))}
    pending = {id_: _start(row) for id_, row in rows.items() if row.action != "d"}
    await _follow_changes(session, pending.values())
    return [_make_change(rows[id_], pending.get(id_)) for id_ in ids]


def _start(change: Row[Any]) -> _Pending:
    columns = change.was or {} if change.action == "u" else _TABLES[change.table_no].columns
    return _Pending(change, set(columns), change.id)


def _make_change(change: Row[Any], pending: _Pending | None) -> RowChange:
    table = _TABLES[change.table_no].name
    before = None if change.was is None else convert_values(table, change.was)
    after = None if pending is None else convert_values(table, pending.ordered_values)
    return RowChange(change.id, table, change.row_id, change.other_id, change.action, before, after)


async def _follow_changes(session: AsyncSession, pending: Collection[_Pending]) -> None:
    """Find the values after each change in the next changes of its row, and otherwise in the row itself."""
    latest: list[_Pending] = []
    while pending := [item for item in pending if item.missing]:
        next_ids = await _read_next_ids(session, {item.position for item in pending})
        latest += [item for item in pending if next_ids[item.position] is None]
        known_ids = [id_ for id_ in next_ids.values() if id_ is not None]
        # An empty IN would cost an additional round trip on PostgreSQL.
        rows = await session.execute(_select_changes(known_ids)) if known_ids else ()
        changes = {row.id: row for row in rows}
        followed = [(item, changes[id_]) for item in pending if (id_ := next_ids[item.position]) is not None]
        pending = [item for item, change in followed if _follow(item, change)]
    await _read_current_values(session, latest)


def _follow(item: _Pending, change: Row[Any]) -> bool:
    """Take over values from the next change of the row, and return whether later changes can contain more of them.

    A deleted row has no more values. An inserted row replaces a row whose deletion was not recorded, and erased values
    of an update may be those of any column.
    """
    item.position = change.id
    item.resolve(change.was or {})
    return change.action == "u" and change.was is not None


def _select_changes(ids: Sequence[int]) -> Select[Any]:
    columns = (JournalChange.table_no, JournalChange.row_id, JournalChange.other_id, JournalChange.action)
    return select(JournalChange.id, *columns, JournalChange.was).where(JournalChange.id.in_(ids))


async def _read_next_ids(session: AsyncSession, ids: Collection[int]) -> dict[int, int | None]:
    """Return the id of the next change of the same row for each change, or None for the last change of a row."""
    later = aliased(JournalChange)
    next_id = (
        select(later.id)
        .where(
            later.table_no == JournalChange.table_no,
            later.row_id == JournalChange.row_id,
            later.other_id == JournalChange.other_id,
            later.id > JournalChange.id,
        )
        .order_by(later.id)
        .limit(1)
        .correlate(JournalChange)
        .scalar_subquery()
    )
    rows = await session.execute(select(JournalChange.id, next_id).where(JournalChange.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def _read_current_values(session: AsyncSession, pending: Sequence[_Pending]) -> None:
    """Take over the values of the rows that no later change has changed."""
    for number, table in _TABLES.items():
        items = [item for item in pending if item.change.table_no == number]
        names = sorted({name for item in items for name in item.missing if name in table.columns})
        if not names:
            continue
        columns = Base.metadata.tables[table.name].columns
        key = columns[table.key[0]]
        # SQLAlchemy does not convert strings, so a value that cannot be read does not make the query fail.
        values = [type_coerce(columns[name], String()).label(name) for name in names]
        rows = await session.execute(select(key, *values).where(key.in_({item.change.row_id for item in items})))
        by_key = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
        for item in items:
            item.resolve(by_key.get(item.change.row_id, {}))
