"""List the operations of the journal."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import NotFoundError, TryAgainError
from ...models.journal import JournalOperation
from ...repositories.journal.operations import OperationFilters, OperationRepository
from ...schemas.base import Page
from ...schemas.journal import Operation, OperationSelection
from .references import resolve_row

_BATCH = 1_000


async def list_operations(
    sessions: SessionFactory, selection: OperationSelection, *, with_total: bool = True
) -> Page[Operation]:
    """Return the selected operations, newest first, and their total number if `with_total` is true.

    Raises NotFoundError if a post, user or tag of the selection does not exist and is not in the journal.
    """
    async with sessions() as session:
        repository = OperationRepository(session)
        filters = await _resolve_filters(session, selection)
        operations = await repository.list_newest(filters, offset=selection.offset, limit=selection.limit)
        total = await repository.count(filters) if with_total else None
        return Page(items=await _summarize(repository, operations), total=total)


async def stream_operations(
    sessions: SessionFactory, selection: OperationSelection
) -> AsyncIterator[Sequence[Operation]]:
    """Yield all selected operations, newest first and in batches. The limit of the selection is ignored.

    Raises NotFoundError if a post, user or tag of the selection does not exist and is not in the journal.
    """
    async with sessions() as session:
        repository = OperationRepository(session)
        filters = await _resolve_filters(session, selection)
        operations = await repository.list_newest(filters, offset=selection.offset, limit=_BATCH)
        while operations:
            last_id = operations[-1].id
            yield await _summarize(repository, operations)
            operations = await repository.list_newest(filters, limit=_BATCH, before_id=last_id)


async def count_operations(sessions: SessionFactory, selection: OperationSelection) -> int:
    """Return the number of selected operations, regardless of the limit and the offset of the selection.

    Raises NotFoundError if a post, user or tag of the selection does not exist and is not in the journal.
    """
    async with sessions() as session:
        return await OperationRepository(session).count(await _resolve_filters(session, selection))


async def show_operation(sessions: SessionFactory, id_: int, *, started_at: datetime | None = None) -> Operation:
    """Return an operation.

    Raises the errors of `get_operation`.
    """
    async with open_session(sessions, started_at) as session:
        operation = await get_operation(session, id_, started_at=started_at)
        (summary,) = await _summarize(OperationRepository(session), [operation])
        return summary


def open_session(sessions: SessionFactory, started_at: datetime | None) -> AsyncSession:
    """Return a session for reading an operation.

    If its start is known, the question is whether it was committed. Only the primary server can answer the question.
    """
    return sessions.read_primary() if started_at else sessions()


async def get_operation(session: AsyncSession, id_: int, *, started_at: datetime | None = None) -> JournalOperation:
    """Return the operation with the given id, which must have started at `started_at` if that is given.

    Raises NotFoundError if it does not exist, and TryAgainError if it may exist later, because it is being committed or
    because the server is a standby.
    """
    repository = OperationRepository(session)
    operation = await repository.get(id_)
    if operation is None and await repository.may_appear(id_):
        raise TryAgainError(
            f"Operation {id_} does not exist, but it may still be in progress",
            hint="Run the command again, on the primary server if this is a standby.",
        )
    if operation is None or (started_at is not None and operation.started_at != started_at):
        start = f" that started at {started_at.isoformat()}" if started_at else ""
        raise NotFoundError.of("operation", [f"{id_}{start}"], hint="Run `blogcli log` to list operations.")
    return operation


async def _resolve_filters(session: AsyncSession, selection: OperationSelection) -> OperationFilters:
    ids = {
        noun: await resolve_row(session, noun, reference)
        for noun in ("post", "user", "tag")
        if (reference := getattr(selection, noun)) is not None
    }
    return OperationFilters(
        post_id=ids.get("post"),
        user_id=ids.get("user"),
        tag_id=ids.get("tag"),
        since=selection.since,
        until=selection.until,
        command=selection.command,
        actor=selection.actor,
        is_outside=selection.is_outside,
    )


async def _summarize(
    repository: OperationRepository, operations: Sequence[JournalOperation | Row[Any]]
) -> list[Operation]:
    uncounted = [operation.id for operation in operations if operation.counts is None]
    counts = await repository.count_changes(uncounted) if uncounted else {}
    return [_make_record(operation, operation.counts or counts.get(operation.id, {})) for operation in operations]


def _make_record(operation: JournalOperation | Row[Any], counts: Mapping[str, Sequence[int]]) -> Operation:
    return Operation(
        id=operation.id,
        kind=operation.kind,
        command=operation.command,
        actor=operation.actor,
        host=operation.host,
        started_at=operation.started_at,
        ended_at=operation.ended_at,
        profile=operation.profile,
        program=operation.program,
        users=sum(counts.get("users", [])),
        posts=sum(counts.get("posts", [])),
        tags=sum(counts.get("tags", [])),
        links=sum(counts.get("post_tags", [])),
        undone_by=operation.undone_by_id,
        targets=operation.targets or [],
        forgotten=operation.forgotten,
    )
