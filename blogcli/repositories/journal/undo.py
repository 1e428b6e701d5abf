"""Find the operations to undo or redo, and record which operations are in effect."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ...models import Post, Tag, User
from ...models.journal import JournalChange, JournalOperation
from ...search.indexing import index_posts
from ...text.json_text import parse_json
from .. import dialects
from ..base import CHUNK
from ..identifiers import chunked
from .recording import POSTGRESQL_SETTING
from .statements import ChangeRange, Targets, has_value, select_range
from .tables import TABLE_NUMBERS

# The number of the advisory lock for undo and redo, so that only one of them runs at a time on PostgreSQL.
_UNDO_LOCK = 0x626C6F68
_KINDS_TO_UNDO = ("command", "outside")


class UndoRepository:
    """Select operations to undo or redo, and mark them."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._is_sqlite = session.get_bind().dialect.name == "sqlite"

    async def lock(self) -> None:
        """Wait until no other undo or redo is running."""
        await dialects.acquire_advisory_lock(self.session, _UNDO_LOCK)

    async def get_many(self, ids: Sequence[int], *, lock: bool = False) -> list[JournalOperation]:
        """Return the operations with the given ids in the order of the ids, without those that do not exist."""
        operations: list[JournalOperation] = []
        for chunk in chunked(sorted(set(ids)), CHUNK):
            statement = select(JournalOperation).where(JournalOperation.id.in_(chunk)).order_by(JournalOperation.id)
            if lock:
                statement = statement.with_for_update()
            operations += await self.session.scalars(statement)
        return operations

    async def newest_command_of(self, actor: str) -> JournalOperation | None:
        """Return the newest command in effect that a user has run, or None if there is none."""
        return await self._newest(JournalOperation.kind == "command", JournalOperation.actor == actor)

    async def newest_undo_of(self, actor: str) -> JournalOperation | None:
        """Return the newest undo in effect that a user has run, or None if there is none."""
        return await self._newest(JournalOperation.kind == "undo", JournalOperation.actor == actor)

    async def ids_after(self, operation_id: int) -> list[int]:
        """Return the ids of the commands and changes by other programs in effect after an operation."""
        statement = select(JournalOperation.id).where(
            JournalOperation.id > operation_id,
            JournalOperation.undone_by_id.is_(None),
            JournalOperation.kind.in_(_KINDS_TO_UNDO),
        )
        return list(await self.session.scalars(statement.order_by(JournalOperation.id)))

    async def find_undos_across(self, operation_id: int) -> list[JournalOperation]:
        """Return the undos and redos after an operation that have changed whether older operations are in effect."""
        undos = select(JournalOperation).where(JournalOperation.kind == "undo")
        redone = await self.session.scalars(
            undos.where(JournalOperation.id <= operation_id, JournalOperation.undone_by_id > operation_id)
        )
        across: set[int] = set()
        undone_before: set[int] = set()
        for undo in redone.all():
            undone_before.update(undo.targets or [])
            if any(target.undone_by_id is None for target in await self.get_many(undo.targets or [])):
                across.add(undo.undone_by_id or 0)
        later = undos.where(JournalOperation.id > operation_id, JournalOperation.undone_by_id.is_(None))
        for undo in await self.session.scalars(later):
            if any(target <= operation_id and target not in undone_before for target in undo.targets or []):
                across.add(undo.id)
        return await self.get_many(list(across))

    async def _newest(self, *conditions: Any) -> JournalOperation | None:  # noqa: ANN401 - conditions of SQLAlchemy
        statement = select(JournalOperation).where(JournalOperation.undone_by_id.is_(None), *conditions)
        return await self.session.scalar(statement.order_by(JournalOperation.id.desc()).limit(1))

    async def announce(self, kind: str, targets: Sequence[int]) -> int:
        """Make the operation of this transaction an undo or a redo of other operations, and return its id."""
        if self._is_sqlite:
            current = "SELECT operation_id FROM journal_current"
            statement = text(f"UPDATE journal_operations SET kind = :kind, targets = :targets WHERE id = ({current})")
            await self.session.execute(statement, {"kind": kind, "targets": json.dumps(list(targets))})
            return int(await self.session.scalar(text(current)) or 0)
        origin = await self.session.scalar(select(func.current_setting(POSTGRESQL_SETTING)))
        announced = json.dumps(parse_json(origin or "{}") | {"kind": kind, "targets": list(targets)})
        await self.session.execute(select(func.set_config(POSTGRESQL_SETTING, announced, true())))
        return int(await self.session.scalar(select(func.journal_operation())) or 0)

    async def mark_undone(self, ids: Sequence[int], undone_by: int | None) -> None:
        """Record which operation has undone some operations, or None if they are in effect again."""
        for chunk in chunked(ids, CHUNK):
            statement = update(JournalOperation).where(JournalOperation.id.in_(chunk))
            await self.session.execute(statement.values(undone_by_id=undone_by))

    async def count_changed_rows(self, operation_id: int) -> dict[str, int]:
        """Return the numbers of rows that an operation has changed, by the name of the table."""
        names = {number: name for name, number in TABLE_NUMBERS.items()}
        columns = (JournalChange.table_no, JournalChange.row_id, JournalChange.other_id)
        rows = select(*columns).where(JournalChange.operation_id == operation_id).distinct().subquery()
        statement = select(rows.c.table_no, func.count()).group_by(rows.c.table_no)
        return {names[number]: count for number, count in await self.session.execute(statement)}

    async def changes_password(self, ids: Sequence[int]) -> bool:
        """Return whether the undo of some operations would replace a password by a former one."""
        condition = text(has_value(self.session.get_bind().dialect.name, "hashed_password").replace("c.was", "was"))
        for chunk in chunked(ids, CHUNK):
            statement = select(JournalChange.id).where(
                JournalChange.operation_id.in_(chunk), JournalChange.table_no == 1, JournalChange.action == "u"
            )
            if await self.session.scalar(statement.where(condition).limit(1)) is not None:
                return True
        return False

    async def describe_row(self, table_no: int, row_id: int, other_id: int) -> str:
        """Return the phrase for a row in a message, with its name if the row exists."""
        if table_no == TABLE_NUMBERS["post_tags"]:
            return f"{await self._name('tag', Tag.name, other_id)} of {await self._name('post', Post.slug, row_id)}"
        if table_no == TABLE_NUMBERS["users"]:
            return await self._name("user", User.email, row_id)
        if table_no == TABLE_NUMBERS["tags"]:
            return await self._name("tag", Tag.name, row_id)
        name = await self._name("post", Post.slug, row_id)
        return name if table_no == TABLE_NUMBERS["posts"] else f"the import of {name}"

    async def _name(self, noun: str, column: InstrumentedAttribute[str], id_: int) -> str:
        name = await self.session.scalar(select(column).where(column.class_.id == id_))
        return f"{noun} {id_}" if name is None else f"{noun} {id_} ({name})"

    async def find_range(self, targets: Targets) -> ChangeRange:
        """Return the range of the ids of the changes of the targets, which is empty if there are none."""
        result = await self.session.execute(text(select_range(targets)), targets.parameters)
        first, last = result.one()
        return ChangeRange(first or 0, last or -1)

    async def has_forgotten(self, targets: Targets) -> bool:
        """Return whether former values of the targets were erased."""
        erased = "c.action <> 'i' AND c.was IS NULL"
        query = text(f"SELECT 1 FROM journal_changes AS c WHERE {targets.condition('c')} AND {erased} LIMIT 1")
        return await self.session.scalar(query, targets.parameters) is not None

    async def reindex(self, operation_id: int) -> None:
        """Write the posts to the search index that an operation has inserted or whose text it has changed."""
        dialect = self.session.get_bind().dialect.name
        has_text = " OR ".join(has_value(dialect, column) for column in ("title", "content"))
        query = text(
            "SELECT DISTINCT c.row_id FROM journal_changes AS c WHERE c.operation_id = :id AND +c.table_no = 2 "
            f"AND (c.action = 'i' OR (c.action = 'u' AND ({has_text}))) ORDER BY c.row_id"
        )
        ids = list(await self.session.scalars(query, {"id": operation_id}))
        await self.session.run_sync(index_posts, ids)
