"""Undo and redo operations in one transaction."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import ConflictError
from ...models.journal import JournalOperation
from ...repositories.journal.blockers import Blocker, BlockerRepository
from ...repositories.journal.replay import Replay
from ...repositories.journal.statements import Targets
from ...repositories.journal.undo import UndoRepository
from ...schemas.journal import RowSummary
from ...schemas.undo import Reversion, UndoPlan, UndoRequest
from ..journal.rows import read_row_summaries
from .conflicts import make_conflict
from .operations import describe_operation, find_record, get_operations, verify_operation


class _BlockedError(Exception):
    """Rows prevent an undo, whose transaction must be rolled back."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(blockers)
        self.blockers = blockers


async def revert(
    sessions: SessionFactory, plan: UndoPlan, *, request: UndoRequest, dry_run: bool = False, max_rows: int = 0
) -> tuple[Reversion, list[RowSummary]]:
    """Undo or redo the operations of a plan in one transaction, which is a new operation.

    Returns the new operation, and the first `max_rows` rows that it has changed. Raises ConflictError if later
    operations prevent it. If the request says so, such operations are undone as well.
    """
    targets = plan.targets
    while True:
        try:
            async with sessions.begin(dry_run=dry_run) as session:
                reversion = await _revert_in(session, plan.kind, targets, request)
                # After a dry run, the changes are rolled back, so they are read here.
                rows = read_row_summaries(session, reversion.id, limit=max_rows)
                return reversion, [row async for row in rows] if max_rows else []
        except (_BlockedError, IntegrityError) as error:
            async with sessions() as session:
                targets = await _resolve_blockers(session, plan.kind, targets, request, error)


async def _revert_in(session: AsyncSession, kind: str, ids: Sequence[int], request: UndoRequest) -> Reversion:
    repository = UndoRepository(session)
    await repository.lock()
    operations = await get_operations(repository, ids, lock=True)
    for operation in operations:
        verify_operation(operation, kind)
    record = await find_record(session, request)
    # The undo of one record is an ordinary command, after which the operation is still in effect for other records.
    current = await repository.announce("command" if record else kind, [] if record else ids)
    targets = Targets(session.get_bind().dialect, ids, record)
    await _replay(session, targets, current)
    if not record:
        await _mark(repository, kind, operations, current)
    await repository.reindex(current)
    return await _summarize(repository, kind, operations, current)


async def _replay(session: AsyncSession, targets: Targets, current: int) -> None:
    """Revert the changes `targets`.

    Raises _BlockedError if rows prevent that.
    """
    repository = UndoRepository(session)
    if await repository.has_forgotten(targets):
        raise ConflictError(
            "Former values of the changed rows were erased by `blogcli log forget`",
            hint="`blogcli undo OPERATION --post REF` reverts the changes of another post.",
        )
    ids = await repository.find_range(targets)
    blockers = BlockerRepository(session, targets, current)
    _refuse(await blockers.find_later_changes(ids))
    replay = Replay(session, targets, ids)
    await replay.run()
    if session.get_bind().dialect.name == "postgresql":
        # Another command may have changed a row after the first search, while the replay waited for its lock.
        _refuse(await blockers.find_later_changes(ids))
    _refuse(await blockers.find_cascaded(replay.deleted))


async def _summarize(
    repository: UndoRepository, kind: str, operations: Sequence[JournalOperation], current: int
) -> Reversion:
    counts = await repository.count_changed_rows(current)
    reverted = operations if kind == "undo" else await get_operations(repository, operations[0].targets or [])
    return Reversion(
        id=current,
        kind=kind,
        operations=[operation.id for operation in reverted],
        commands=[describe_operation(operation) for operation in reverted],
        users=counts.get("users", 0),
        posts=counts.get("posts", 0),
        tags=counts.get("tags", 0),
        links=counts.get("post_tags", 0),
    )


def _refuse(blockers: Sequence[Blocker]) -> None:
    if blockers:
        raise _BlockedError(blockers)


async def _mark(repository: UndoRepository, kind: str, operations: Sequence[JournalOperation], current: int) -> None:
    await repository.mark_undone([operation.id for operation in operations], current)
    if kind == "redo":
        await repository.mark_undone([id_ for operation in operations for id_ in operation.targets or []], None)


async def _resolve_blockers(
    session: AsyncSession, kind: str, ids: Sequence[int], request: UndoRequest, error: Exception
) -> list[int]:
    """Return the operations including those that prevent the undo.

    Raises ConflictError if these operations must not be undone as well.
    """
    repository = UndoRepository(session)
    if isinstance(error, _BlockedError):
        blockers = error.blockers
    else:
        record = await find_record(session, request)
        targets = Targets(session.get_bind().dialect, ids, record)
        blockers = await BlockerRepository(session, targets, 0).find_constraints()
    later_ids = {blocker.operation_id for blocker in blockers if blocker.operation_id is not None}
    later = {operation.id: operation for operation in await repository.get_many(list(later_ids))}
    kinds = {operation.kind for operation in later.values()}
    can_undo_later = kind == "undo" and kinds <= {"command", "outside"} and not later.keys() <= set(ids)
    if request.undoes_later and can_undo_later:
        return sorted({*ids, *later})
    operations = await get_operations(repository, ids)
    raise await make_conflict(repository, kind, operations, blockers, later) from error
