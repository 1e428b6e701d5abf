"""Summarize the changes of an operation by user, post and tag, as people read them."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from ...repositories.journal.changes import RowChange, read_row_changes
from ...repositories.journal.names import read_names
from ...schemas.journal import FieldChange, RowSummary

# The number of rows whose names are read at once.
_BATCH = 50
_NOUNS = {"users": "user", "posts": "post", "tags": "tag", "post_tags": "post", "post_imports": "post"}
# The columns that only programs use, or that change together with a column that is shown.
_BOOKKEEPING = frozenset({"version", "updated_at", "words", "key", "digest"})
# The value of a column whose value after an operation was erased later.
_UNKNOWN = "?"


async def read_row_summaries(
    session: AsyncSession, operation_id: int, *, limit: int | None = None
) -> AsyncIterator[RowSummary]:
    """Yield what an operation has changed in each user, post and tag, at most `limit` of them.

    The operation may still be open in the transaction of the session.
    """
    count = 0
    batch: list[_RowChanges] = []
    async with aclosing(_group_changes(session, operation_id)) as groups:
        async for group in groups:
            batch.append(group)
            count += 1
            if len(batch) == _BATCH or count == limit:
                for summary in await _summarize_all(session, batch):
                    yield summary
                batch = []
            if count == limit:
                return
    for summary in await _summarize_all(session, batch):
        yield summary


async def _group_changes(session: AsyncSession, operation_id: int) -> "AsyncGenerator[_RowChanges, None]":
    group: _RowChanges | None = None
    async for change in read_row_changes(session, operation_id, by_row=True):
        key = (_NOUNS[change.table], change.row_id)
        if group is None or group.key != key:
            if group is not None:
                yield group
            group = _RowChanges(key)
        group.add(change)
    if group is not None:
        yield group


class _RowChanges:
    """The changes of a user, a post or a tag, which are combined to the first and the last value of each column."""

    def __init__(self, key: tuple[str, int]) -> None:
        self.key = key
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}
        # Maps the id of each changed tag to whether the first change added it, and whether the last change did.
        self.links: dict[int, tuple[bool, bool]] = {}
        self.actions = ""
        self.is_forgotten = False

    def add(self, change: RowChange) -> None:
        """Add the next change of the row, or of one of its links or its import."""
        if change.table == "post_tags":
            is_added = change.action == "i"
            self.links[change.other_id] = (self.links.get(change.other_id, (is_added,))[0], is_added)
            return
        self.is_forgotten |= change.action != "i" and change.before is None
        if change.table == "post_imports":
            self.before.setdefault("digest", None)
            self.after["digest"] = ""
            return
        self.actions += change.action
        for column, value in (change.before or {}).items():
            self.before.setdefault(column, _measure(column, value))
        self.after |= {column: _measure(column, value) for column, value in (change.after or {}).items()}

    @property
    def action(self) -> str:
        """What happened to the row as a whole."""
        was_created = self.actions.startswith("i")
        was_deleted = self.actions.endswith("d")
        if was_created and was_deleted:
            return "created and deleted"
        if was_created:
            return "created"
        return "deleted" if was_deleted else "changed"

    @property
    def differing(self) -> Iterator[FieldChange]:
        """The columns whose values differ after all changes, if the row existed before and exists afterwards."""
        if self.action == "changed":
            for name, before in self.before.items():
                after = self.after.get(name, _UNKNOWN)
                # The hashes of passwords are masked, so they cannot be compared.
                if before != after or name == "hashed_password":
                    yield FieldChange(name=name, before=_length(before), after=_length(after))


class _Text(NamedTuple):
    """The length and the hash of the content of a post, which replace the content, because it can be long."""

    length: int
    hash: int


def _measure(column: str, value: Any) -> Any:  # noqa: ANN401 - columns have different types
    return _Text(len(value), hash(value)) if column == "content" and isinstance(value, str) else value


def _length(value: Any) -> Any:  # noqa: ANN401 - columns have different types
    return value.length if isinstance(value, _Text) else value


async def _summarize_all(session: AsyncSession, groups: Sequence[_RowChanges]) -> list[RowSummary]:
    names = {noun: await read_names(session, f"{noun}s", ids) for noun, ids in _collect_ids(groups).items() if ids}
    return [_summarize(group, names) for group in groups]


def _collect_ids(groups: Sequence[_RowChanges]) -> dict[str, set[int]]:
    """Return the ids of the users, posts and tags whose names the summaries contain."""
    ids: dict[str, set[int]] = {"user": set(), "post": set(), "tag": set()}
    for group in groups:
        noun, id_ = group.key
        ids[noun].add(id_)
        ids["tag"].update(group.links)
        ids["user"] |= {
            value for values in (group.before, group.after) if isinstance(value := values.get("author_id"), int)
        }
    return ids


def _summarize(group: _RowChanges, names: Mapping[str, Mapping[int, str]]) -> RowSummary:
    noun, id_ = group.key
    tags = names.get("tag", {})
    fields = list(group.differing)
    return RowSummary(
        noun=noun,
        id=id_,
        name=names[noun].get(id_),
        action=group.action,
        fields=[_with_author(field, names.get("user", {})) for field in fields if field.name not in _BOOKKEEPING],
        added_tags=sorted(_name_tag(tag, tags) for tag, ends in group.links.items() if ends == (True, True)),
        removed_tags=sorted(_name_tag(tag, tags) for tag, ends in group.links.items() if ends == (False, False)),
        bookkeeping=[field.name for field in fields if field.name in _BOOKKEEPING],
        is_forgotten=group.is_forgotten,
    )


def _name_tag(id_: int, names: Mapping[int, str]) -> str:
    return names.get(id_, f"id:{id_}")


def _with_author(field: FieldChange, users: Mapping[int, str]) -> FieldChange:
    """Replace the ids of authors by their e-mail addresses."""
    if field.name != "author_id":
        return field
    before, after = (users.get(id_, f"id:{id_}") for id_ in (field.before, field.after))
    return FieldChange(name="author", before=before, after=after)
