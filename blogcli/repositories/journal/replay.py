"""Revert the changes of operations, from the newest to the oldest, in SQL.

The changes are divided into blocks of the same action. The rows of a block of deletions existed at the same time, so
they are inserted again in the order of the references, and the rows of a block of insertions are deleted in the
reverse order. Between two blocks, the database is in a state in which it has been before, so no constraint fails
unless a later operation has changed something.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, text
from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import ConflictError
from ..base import CHUNK
from . import statements
from .statements import ChangeRange, Targets
from .tables import JournaledTable, journaled_tables

# The number of changes whose keys are read at once.
_PAGE = 5_000


class _Change(NamedTuple):
    """The key of a change, and whether the change has replaced a value of a unique column."""

    id: int
    table_no: int
    row_id: int
    other_id: int
    action: str
    is_unique: bool


class _Chunk(NamedTuple):
    """The range of ids of some changes of one table and one action, and the number of these changes."""

    first: int
    last: int
    size: int


class Replay:
    """Revert changes within the transaction of another operation."""

    def __init__(self, session: AsyncSession, targets: Targets, ids: ChangeRange) -> None:
        """Prepare the replay of the changes `targets`, whose ids are in the range `ids`."""
        self._session = session
        self._targets = targets
        self._ids = ids
        self._tables = {table.number: table for table in journaled_tables()}
        self._chunks: dict[int, list[_Chunk]] = {}
        self._rows: set[tuple[int, int, int]] = set()
        self._action = ""
        # The number of rows that were deleted, without those that were deleted by a cascade.
        self.deleted = 0

    async def run(self) -> None:
        """Revert all changes.

        Raises ConflictError if a row is not in the state that the journal expects.
        """
        async for change in self._read_changes():
            if change.action != self._action or self._starts_new_statement(change):
                await self._execute_block()
                self._action = change.action
            self._add(change)
            if change.is_unique:
                await self._execute_block()
        await self._execute_block()

    async def _read_changes(self) -> AsyncIterator[_Change]:
        query = text(statements.select_changes(self._targets))
        last = self._ids.last
        while True:
            page = self._targets.parameters | {"first": self._ids.first, "last": last, "limit": _PAGE}
            rows = (await self._session.execute(query, page)).all()
            for row in rows:
                yield _Change(*row)
            if len(rows) < _PAGE:
                return
            last = rows[-1][0] - 1

    def _starts_new_statement(self, change: _Change) -> bool:
        """Return whether an update must not be reverted in the same statement as the updates before it."""
        if change.action != "u":
            return False
        is_repeated = (change.table_no, change.row_id, change.other_id) in self._rows
        return change.is_unique or is_repeated or len(self._rows) >= CHUNK

    def _add(self, change: _Change) -> None:
        """Add a change to the last chunk of its table, or to a new chunk. The changes are added in descending order."""
        chunks = self._chunks.setdefault(change.table_no, [])
        if chunks and chunks[-1].size < CHUNK:
            chunks[-1] = chunks[-1]._replace(first=change.id, size=chunks[-1].size + 1)
        else:
            chunks.append(_Chunk(change.id, change.id, 1))
        if change.action == "u":
            self._rows.add((change.table_no, change.row_id, change.other_id))

    async def _execute_block(self) -> None:
        # The tables are numbered in the order of the references, except that links refer to posts and tags.
        for number in sorted(self._chunks, reverse=self._action == "i"):
            for chunk in self._chunks[number]:
                await self._execute(self._tables[number], chunk)
        self._chunks.clear()
        self._rows.clear()

    async def _execute(self, table: JournaledTable, chunk: _Chunk) -> None:
        values = self._targets.parameters | {"first": chunk.first, "last": chunk.last}
        statement = text(await self._build(table, chunk, values))
        result = cast("CursorResult[Any]", await self._session.execute(statement, values))
        if result.rowcount != chunk.size:
            raise ConflictError(
                f"The journal does not match {table.name}: {result.rowcount} of {chunk.size} changed rows were found",
                hint="Another program has probably changed rows while the journal was disabled.",
            )
        if self._action == "i":
            self.deleted += chunk.size

    async def _build(self, table: JournaledTable, chunk: _Chunk, values: Mapping[str, object]) -> str:
        """Return the statement that reverts a chunk of changes. `values` are the parameters of the statement."""
        if self._action == "i":
            return statements.delete_inserted(self._targets, table)
        if self._action == "d":
            return statements.insert_deleted(self._targets, table)
        if chunk.size == 1:
            # Another query would take longer than writing all columns of the row.
            return statements.restore_updated(self._targets, table, table.columns)
        query = text(statements.select_updated_columns(self._targets, table))
        names = set(await self._session.scalars(query, values))
        return statements.restore_updated(self._targets, table, [name for name in table.columns if name in names])
