"""Delete old operations from the journal, and erase the former values of rows."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.journal import JournalChange, JournalOperation
from .recording import CLOSE_ON_SQLITE
from .tables import TABLE_NUMBERS

# The approximate size of a change without its former values, with its entries in the indexes, in bytes.
_CHANGE_SIZES = {"sqlite": 60, "postgresql": 140}
# The tables with the values of a user or a post, whose first key is its id.
_VALUE_TABLES = {"user": ("users",), "post": ("posts", "post_imports")}


class JournalSize(NamedTuple):
    """The number of operations and changes in a part of the journal, and its approximate size in bytes."""

    operations: int
    changes: int
    size: int


class ErasureRepository:
    """Measure and remove parts of the journal."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._dialect = session.get_bind().dialect.name

    async def leave_journal(self) -> None:
        """Remove the operation of this transaction, because changes of the journal itself are not recorded."""
        if self._dialect == "sqlite":
            await self.session.execute(text(CLOSE_ON_SQLITE))
            # SQLite overwrites deleted values with zeros, so that they cannot be read in the file.
            await self.session.execute(text("PRAGMA secure_delete = ON"))

    async def measure_old(self, *, before: datetime | None, keep: int) -> JournalSize:
        """Return the size of the operations that `delete_old` would delete."""
        is_old = _is_old(before, keep)
        operations = await self.session.scalar(select(func.count()).select_from(JournalOperation).where(is_old)) or 0
        changes = JournalChange.operation_id.in_(select(JournalOperation.id).where(is_old))
        return await self._measure(operations, changes)

    async def delete_old(self, *, before: datetime | None, keep: int) -> None:
        """Delete whole operations with their changes.

        If `before` is given, these are the operations that ended before this time. Otherwise, these are all operations
        except the newest `keep` ones.
        """
        is_old = _is_old(before, keep)
        old_ids = select(JournalOperation.id).where(is_old)
        await self.session.execute(delete(JournalChange).where(JournalChange.operation_id.in_(old_ids)))
        await self.session.execute(delete(JournalOperation).where(is_old))

    async def measure_values(self, noun: str, id_: int) -> JournalSize:
        """Return the size of the changes whose values `erase_values` would erase."""
        has_values = _has_values(noun, id_)
        operations = select(func.count(JournalChange.operation_id.distinct())).where(has_values)
        return await self._measure(await self.session.scalar(operations) or 0, has_values)

    async def erase_values(self, noun: str, id_: int) -> None:
        """Erase the former values of a user or a post, and the arguments of the commands that have changed it."""
        has_values = _has_values(noun, id_)
        erased = (
            select(func.count())
            .where(has_values, JournalChange.operation_id == JournalOperation.id)
            .correlate(JournalOperation)
            .scalar_subquery()
        )
        affected = select(JournalChange.operation_id).where(_concerns(noun, id_))
        # A command line can contain the same values, such as the title of a post or an e-mail address.
        values = {"forgotten": JournalOperation.forgotten + erased, "command": JournalOperation.verb}
        options = {"synchronize_session": False}
        statement = update(JournalOperation).where(JournalOperation.id.in_(affected)).values(values)
        await self.session.execute(statement, execution_options=options)
        statement = update(JournalChange).where(has_values).values(was=None)
        await self.session.execute(statement, execution_options=options)

    async def _measure(self, operations: int, condition: ColumnElement[bool]) -> JournalSize:
        # PostgreSQL returns the compressed size without reading the value.
        measure = func.pg_column_size if self._dialect == "postgresql" else func.length
        total = func.coalesce(func.sum(measure(JournalChange.was)), 0)
        count, size = (await self.session.execute(select(func.count(), total).where(condition))).one()
        return JournalSize(operations, count, int(size) + count * _CHANGE_SIZES[self._dialect])


def _is_old(before: datetime | None, keep: int) -> ColumnElement[bool]:
    if before is not None:
        return JournalOperation.ended_at < before
    newest = select(JournalOperation.id).order_by(JournalOperation.id.desc()).offset(keep).limit(1)
    return JournalOperation.id <= newest.scalar_subquery()


def _concerns(noun: str, id_: int) -> ColumnElement[bool]:
    numbers = [TABLE_NUMBERS[table] for table in _VALUE_TABLES[noun]]
    return JournalChange.table_no.in_(numbers) & (JournalChange.row_id == id_)


def _has_values(noun: str, id_: int) -> ColumnElement[bool]:
    return _concerns(noun, id_) & JournalChange.was.is_not(None)
