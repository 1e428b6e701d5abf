"""Rebuild the versions of a post from its present row and from the changes that the journal has recorded."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from ...models import Post, post_tags
from ...models.journal import JournalChange, JournalOperation
from ...text.json_text import parse_json
from .images import contains_column, content_length, current_image, image_text, image_without, read_recorded_instant
from .tables import TABLE_NUMBERS, journaled_tables

_POSTS = TABLE_NUMBERS["posts"]
_LINKS = TABLE_NUMBERS["post_tags"]
# The number of changes that are read at once. Their images may contain long excerpts and extra fields.
_BATCH = 100
# The columns of a post in a version, except the content, which is loaded only if it is needed.
_COLUMNS = tuple(
    column for table in journaled_tables() if table.number == _POSTS for column in table.columns if column != "content"
)
# The columns that do not describe the content of a version.
_BOOKKEEPING = ("version", "created_at", "updated_at")
# The columns whose changes are not listed as changes of a field, because they follow from the changes of other columns.
_UNLISTED = (*_BOOKKEEPING, "words", "first_published_at")
_INSTANTS = frozenset(name for name in _COLUMNS if name.endswith("_at"))
# A position after all changes.
NOW = 2**62


@dataclass(frozen=True, slots=True)
class Content:
    """The place of a content: the image of a change or, if `change_id` is None, the present row."""

    change_id: int | None
    length: int


@dataclass(frozen=True, slots=True)
class PostState:
    """The values of a post after one of its changes. `values` is None if the post did not exist."""

    values: Mapping[str, Any] | None
    content: Content | None
    tag_ids: frozenset[int]

    @property
    def exists(self) -> bool:
        """Whether the post existed."""
        return self.values is not None

    def key(self) -> bytes:
        """Return a digest that is equal for states that differ at most in their texts of the same length."""
        values = {name: value for name, value in (self.values or {}).items() if name not in _BOOKKEEPING}
        length = self.content.length if self.content else None
        return blake2b(repr((sorted(values.items()), sorted(self.tag_ids), length)).encode(errors="replace")).digest()


@dataclass(frozen=True, slots=True)
class RecordedVersion:
    """The states of a post before and after an operation that changed it.

    `before` is None if it cannot be rebuilt, for example because the journal has forgotten it.
    """

    operation_id: int
    ended_at: datetime | None
    first_change_id: int
    last_change_id: int
    after: PostState
    before: PostState | None


class VersionRepository:
    """Read the versions of posts, newest first."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def current_state(self, post_id: int) -> PostState:
        """Return the present state of a post."""
        image = current_image(_COLUMNS, is_sqlite=self.session.get_bind().dialect.name == "sqlite")
        row = (await self.session.execute(select(image, func.length(Post.content)).where(Post.id == post_id))).first()
        if row is None:
            return PostState(None, None, frozenset())
        tag_ids = await self.session.scalars(select(post_tags.c.tag_id).where(post_tags.c.post_id == post_id))
        return PostState(_read_image(parse_json(row[0])), Content(None, row[1]), frozenset(tag_ids))

    async def versions(self, post_id: int) -> AsyncIterator[RecordedVersion]:
        """Yield the recorded versions of a post, newest first.

        The changes of one operation that follow each other are one version. The versions end before a change that
        cannot be reversed.
        """
        state: PostState | None = await self.current_state(post_id)
        version: RecordedVersion | None = None
        async for change in self._changes(post_id):
            if version and change.operation_id != version.operation_id:
                yield version
                version = None
            if state is None:
                break
            version = version or RecordedVersion(
                change.operation_id, change.ended_at, change.id, change.id, after=state, before=state
            )
            state = _reverse(state, change)
            version = replace(version, first_change_id=change.id, before=state)
        if version:
            yield version

    async def state_at(self, post_id: int, position: int | datetime) -> PostState | None:
        """Return the state of a post after a change or at a time, or None if it is not recorded.

        `position` is the id of a change or a time.
        """
        state: PostState | None = await self.current_state(post_id)
        async for change in self._changes(post_id):
            is_later = change.id > position if isinstance(position, int) else (change.ended_at or position) > position
            if not is_later or state is None:
                return state
            state = _reverse(state, change)
        if state and state.values and isinstance(position, datetime) and state.values["updated_at"] > position:
            # No change before this time is recorded.
            return PostState(None, None, frozenset()) if state.values["created_at"] > position else None
        return state

    async def load_content(self, post_id: int, content: Content) -> str:
        """Return a content."""
        if content.change_id is None:
            return await self.session.scalar(select(Post.content).where(Post.id == post_id)) or ""
        text = select(image_text(JournalChange.was, "content")).where(JournalChange.id == content.change_id)
        return await self.session.scalar(text) or ""

    async def last_change_id(self, operation_id: int) -> int | None:
        """Return the id of the last change of an operation, or None if the journal does not contain the operation."""
        changes = select(func.max(JournalChange.id)).where(JournalChange.operation_id == operation_id)
        return await self.session.scalar(changes)

    async def first_change_id(self, post_id: int, operation_id: int) -> int | None:
        """Return the id of the first change of a post by an operation, or None if it did not change the post."""
        is_of_post = JournalChange.table_no.in_([_POSTS, _LINKS]) & (JournalChange.row_id == post_id)
        changes = select(func.min(JournalChange.id)).where(JournalChange.operation_id == operation_id, is_of_post)
        return await self.session.scalar(changes)

    async def operations(self, ids: Sequence[int]) -> dict[int, JournalOperation]:
        """Return the operations with these ids by id. At most `CHUNK` ids may be given."""
        columns = JournalOperation
        options = load_only(columns.kind, columns.ended_at, columns.command, columns.actor, columns.program)
        operations = select(JournalOperation).where(JournalOperation.id.in_(ids)).options(options)
        return {operation.id: operation for operation in await self.session.scalars(operations)}

    async def _changes(self, post_id: int) -> AsyncIterator[Row[Any]]:
        """Yield the changes of a post and of its links to tags, newest first and without contents."""
        last_id = NOW
        while True:
            # Each of the two parts reads the index backwards, while one condition for both tables would need a sort.
            parts = [_select_changes(table_no, post_id, last_id).subquery() for table_no in (_POSTS, _LINKS)]
            changes = union_all(*(select(part) for part in parts)).subquery()
            statement = select(changes).order_by(changes.c.id.desc()).limit(_BATCH)
            rows = (await self.session.execute(statement)).all()
            for row in rows:
                yield row
            if len(rows) < _BATCH:
                return
            last_id = rows[-1].id


def changed_fields(before: PostState, after: PostState) -> list[str]:
    """Return the names of the fields of a post that differ between two states in which the post exists."""
    old = before.values or {}
    new = after.values or {}
    fields = [name for name in _COLUMNS if name not in _UNLISTED and old.get(name) != new.get(name)]
    if bool(old["trashed_at"]) is not bool(new["trashed_at"]) and "status" not in fields:
        # Users see the status `trashed` of a post in the trash.
        fields.append("status")
    if before.tag_ids != after.tag_ids:
        fields.append("tags")
    if before.content != after.content:
        fields.append("content")
    return ["author" if name == "author_id" else name for name in fields]


def _select_changes(table_no: int, post_id: int, last_id: int) -> Select[*tuple[Any, ...]]:
    change = JournalChange
    columns: list[ColumnElement[Any]] = [
        image_without(change.was, "content").label("image"),
        contains_column("content").label("has_content"),
        content_length().label("length"),
        JournalOperation.ended_at.label("ended_at"),
    ]
    return (
        select(change.id, change.operation_id, change.table_no, change.other_id, change.action, *columns)
        .outerjoin(JournalOperation, JournalOperation.id == JournalChange.operation_id)
        .where(JournalChange.table_no == table_no, JournalChange.row_id == post_id, JournalChange.id < last_id)
        .order_by(JournalChange.id.desc())
        .limit(_BATCH)
    )


def _reverse(state: PostState, change: Row[Any]) -> PostState | None:
    """Return the state before a change, or None if the change cannot be reversed."""
    if change.table_no == _LINKS:
        tag = {change.other_id}
        return replace(state, tag_ids=state.tag_ids - tag if change.action == "i" else state.tag_ids | tag)
    if change.action == "i":
        return replace(state, values=None, content=None)
    image = parse_json(change.image or "{}")
    is_update = change.action == "u"
    if not (image or change.has_content) or (is_update and state.values is None):
        # The image was erased, or another program has replaced the row without a deletion.
        return None
    values = {**(state.values or {} if is_update else {}), **_read_image(image)}
    content = Content(change.id, change.length) if change.has_content else state.content
    return replace(state, values=values, content=content)


def _read_image(image: Mapping[str, Any]) -> dict[str, Any]:
    """Convert the recorded values of columns to Python values. The extra fields remain a JSON text."""
    values = {name: value for name, value in image.items() if name in _COLUMNS}
    for name in _INSTANTS & values.keys():
        values[name] = None if values[name] is None else read_recorded_instant(values[name])
    if "uuid" in values:
        values["uuid"] = UUID(values["uuid"])
    return values
