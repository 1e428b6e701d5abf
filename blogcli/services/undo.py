"""Undo and redo operations of the journal."""

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..errors import ConflictError, NotFoundError, UsageError
from ..models import JournalOperation
from ..repositories.identifiers import parse_id
from ..repositories.journal.blockers import Blocker, BlockerRepository
from ..repositories.journal.replay import Replay
from ..repositories.journal.statements import RecordKey, Targets
from ..repositories.journal.tables import TABLE_NUMBERS
from ..repositories.journal.undo import UndoRepository
from ..schemas.undo import Reversion, UndoPlan, UndoRequest
from .posts.lookup import resolve_posts, resolve_tags, resolve_users

# The maximum number of blocking rows that a message names.
_MAX_BLOCKERS = 3


class _BlockedError(Exception):
    """Rows prevent an undo, whose transaction must be rolled back."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(blockers)
        self.blockers = blockers


async def plan_undo(sessions: SessionFactory, request: UndoRequest) -> UndoPlan | None:
    """Return the operations that `undo` would revert, or None if there is nothing to undo.

    Raises NotFoundError if an operation does not exist, ConflictError if an operation cannot be undone, and UsageError
    for a combination of operations that cannot be undone together.
    """
    async with sessions() as session:
        repository = UndoRepository(session)
        ids = await _find_ids(repository, request)
        if not ids:
            return None
        operations = await _get_operations(repository, ids)
        kinds = {operation.kind for operation in operations}
        if kinds & {"undo", "redo"} and len(operations) > 1:
            raise UsageError("An undo or a redo must be undone alone", hint="Name only one operation.")
        if kinds == {"undo"}:
            return await _make_plan(repository, "redo", operations, request)
        if kinds == {"redo"}:
            # The undo of a redo is the undo of the operations that the redo has applied again.
            (undone,) = await _get_operations(repository, operations[0].targets or [])
            operations = await _get_operations(repository, undone.targets or [])
        return await _make_plan(repository, "undo", operations, request)


async def _find_ids(repository: UndoRepository, request: UndoRequest) -> list[int]:
    """Return the ids of the operations that the request names or describes."""
    if request.back_to is not None:
        await _get_operations(repository, [request.back_to])
        return await repository.ids_after(request.back_to)
    if request.operations:
        return request.operations
    newest = await repository.newest_command_of(request.actor)
    return [newest.id] if newest else []


async def plan_redo(sessions: SessionFactory, request: UndoRequest) -> UndoPlan | None:
    """Return the undo that `redo` would revert, or None if there is nothing to redo.

    The request may name an undo, or an operation that was undone. Raises NotFoundError if the operation does not
    exist, and ConflictError if it was not undone.
    """
    async with sessions() as session:
        repository = UndoRepository(session)
        if request.operations:
            (operation,) = await _get_operations(repository, request.operations)
        else:
            newest = await repository.newest_undo_of(request.actor)
            if newest is None:
                return None
            operation = newest
        if operation.kind != "undo":
            if operation.undone_by_id is None:
                raise ConflictError(f"Operation {_describe(operation)} was not undone")
            (operation,) = await _get_operations(repository, [operation.undone_by_id])
        return await _make_plan(repository, "redo", [operation], request)


async def revert(sessions: SessionFactory, plan: UndoPlan, *, request: UndoRequest, dry_run: bool = False) -> Reversion:
    """Undo or redo the operations of a plan in one transaction, which is a new operation.

    Raises ConflictError if later operations prevent it. If the request says so, such operations are undone as well.
    """
    targets = plan.targets
    while True:
        try:
            async with sessions.begin(dry_run=dry_run) as session:
                return await _revert_in(session, plan.kind, targets, request)
        except (_BlockedError, IntegrityError) as error:
            async with sessions() as session:
                targets = await _resolve_blockers(session, plan.kind, targets, request, error)


async def _revert_in(session: AsyncSession, kind: str, ids: Sequence[int], request: UndoRequest) -> Reversion:
    repository = UndoRepository(session)
    await repository.lock()
    operations = await _get_operations(repository, ids, lock=True)
    for operation in operations:
        _verify(operation, kind)
    record = await _find_record(session, request)
    # The undo of one record is an ordinary command, after which the operation is still in effect for other records.
    current = await repository.announce("command" if record else kind, [] if record else ids)
    targets = Targets(session.get_bind().dialect, ids, record)
    if await repository.has_forgotten(targets):
        raise ConflictError(
            "Former values of the changed rows were erased by `blogcli log forget`",
            hint="`blogcli undo OPERATION --post REF` reverts the changes of another post.",
        )
    blockers = BlockerRepository(session, targets, current)
    _refuse(await blockers.find_later_changes())
    await Replay(session, targets).run()
    _refuse(await blockers.find_cascaded())
    if not record:
        await _mark(repository, kind, operations, current)
    await repository.reindex(current)
    counts = await repository.count_changes(current)
    reverted = operations if kind == "undo" else await _get_operations(repository, operations[0].targets or [])
    return Reversion(
        id=current,
        kind=kind,
        operations=[operation.id for operation in reverted],
        commands=[_describe(operation) for operation in reverted],
        users=sum(counts.get("users", [])),
        posts=sum(counts.get("posts", [])),
        tags=sum(counts.get("tags", [])),
        links=sum(counts.get("post_tags", [])),
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
        record = await _find_record(session, request)
        targets = Targets(session.get_bind().dialect, ids, record)
        blockers = await BlockerRepository(session, targets, 0).find_constraints()
    later_ids = {blocker.operation_id for blocker in blockers if blocker.operation_id is not None}
    later = {operation.id: operation for operation in await repository.get_many(list(later_ids))}
    kinds = {operation.kind for operation in later.values()}
    if request.undoes_later and later and kinds <= {"command", "outside"} and kind == "undo":
        return sorted({*ids, *later})
    operations = await _get_operations(repository, ids)
    raise await _make_conflict(repository, kind, operations, blockers, later) from error


async def _make_conflict(
    repository: UndoRepository,
    kind: str,
    operations: Sequence[JournalOperation],
    blockers: Sequence[Blocker],
    later: dict[int, JournalOperation],
) -> ConflictError:
    """Return the error that names the rows and the operations that prevent an undo or a redo."""
    names = ", ".join(_describe(operation) for operation in operations[:_MAX_BLOCKERS])
    reasons = []
    for blocker in blockers[:_MAX_BLOCKERS]:
        row = await repository.describe_row(blocker.table_no, blocker.row_id, blocker.other_id)
        operation = later.get(blocker.operation_id or 0)
        by = f" (operation {_describe(operation)})" if operation else ""
        reasons.append(f"{row} {blocker.reason}{by}")
    if len(blockers) > _MAX_BLOCKERS:
        reasons.append(f"and {len(blockers) - _MAX_BLOCKERS} more rows")
    message = f"Cannot {kind} operation {names}: {'; '.join(reasons) or 'a constraint of the database prevents it'}"
    return ConflictError(message, hint=_suggest(kind, operations, list(later.values())))


def _suggest(kind: str, operations: Sequence[JournalOperation], later: Sequence[JournalOperation]) -> str | None:
    undos = [operation.id for operation in later if operation.kind in ("undo", "redo")]
    if undos:
        return f"Run `blogcli undo {undos[0]}` first."
    if kind == "undo" and later and all(operation.kind != "migration" for operation in later):
        ids = " ".join(str(operation.id) for operation in operations)
        return f"`blogcli undo {ids} --with-later --dry-run` shows what undoing later operations as well would change."
    return None


async def _get_operations(
    repository: UndoRepository, ids: Sequence[int], *, lock: bool = False
) -> list[JournalOperation]:
    operations = await repository.get_many(ids, lock=lock)
    missing = set(ids) - {operation.id for operation in operations}
    if missing:
        raise NotFoundError.of(
            "operation", [str(id_) for id_ in sorted(missing)], hint="Run `blogcli log` to list operations."
        )
    return operations


async def _make_plan(
    repository: UndoRepository, kind: str, operations: Sequence[JournalOperation], request: UndoRequest
) -> UndoPlan:
    for operation in operations:
        _verify(operation, kind)
    ids = [operation.id for operation in operations]
    reverted = operations if kind == "undo" else await _get_operations(repository, operations[0].targets or [])
    actors = {operation.actor or operation.program or "another program" for operation in operations}
    return UndoPlan(
        kind=kind,
        targets=ids,
        descriptions=[_describe(operation) for operation in reverted],
        other_actors=sorted(actors - {request.actor}),
        restores_password=await repository.changes_password(ids),
    )


def _verify(operation: JournalOperation, kind: str) -> None:
    """Raise ConflictError if an operation cannot be undone, or if an undo cannot be reverted by a redo."""
    if operation.kind == "migration":
        raise ConflictError(
            f"Operation {_describe(operation)} is a migration", hint="Use `blogcli db downgrade` to revert it."
        )
    if operation.undone_by_id is not None:
        verb, other = ("undone", "redo") if kind == "undo" else ("redone", "undo")
        raise ConflictError(
            f"Operation {_describe(operation)} was already {verb} by operation {operation.undone_by_id}",
            hint=f"`blogcli {other} {operation.id}` reverts that.",
        )


def _describe(operation: JournalOperation) -> str:
    """Return the id of an operation and what it did, such as `44 (post publish --tag ready)`."""
    what = operation.command or operation.verb or operation.program or operation.kind
    if operation.kind == "outside":
        what = f"outside, {operation.program or 'another program'}"
    return f"{operation.id} ({what})"


async def _find_record(session: AsyncSession, request: UndoRequest) -> RecordKey | None:
    """Return the key of the record to which the request restricts the undo, if any."""
    if request.record is None:
        return None
    noun, reference = request.record
    if noun == "post":
        ids, _ = await resolve_posts(session, [reference], ignore_missing=parse_id(reference) is not None)
    elif noun == "tag":
        tags, _ = await resolve_tags(session, [reference], ignore_missing=parse_id(reference) is not None)
        ids = [tag.id for tag in tags]
    else:
        users, _ = await resolve_users(session, [reference], ignore_missing=parse_id(reference) is not None)
        ids = [user.id for user in users]
    # A record that was deleted has no name any more, so it can only be named by its id.
    return RecordKey(TABLE_NUMBERS[f"{noun}s"], ids[0] if ids else parse_id(reference) or 0)
