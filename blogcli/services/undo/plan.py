"""Decide which operations an undo or a redo reverts."""

from collections.abc import Sequence

from ...database import SessionFactory
from ...errors import ConflictError, UsageError
from ...models.journal import JournalOperation
from ...repositories.journal.undo import UndoRepository
from ...schemas.undo import UndoPlan, UndoRequest
from .operations import describe_operation, get_operations, verify_operation


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
        operations = await get_operations(repository, ids)
        kinds = {operation.kind for operation in operations}
        if kinds & {"undo", "redo"} and len(operations) > 1:
            raise UsageError("An undo or a redo must be undone alone", hint="Name only one operation.")
        if kinds == {"undo"}:
            return await _make_plan(repository, "redo", operations, request)
        if kinds == {"redo"}:
            # The undo of a redo is the undo of the operations that the redo has applied again.
            (undone,) = await get_operations(repository, operations[0].targets or [])
            operations = await get_operations(repository, undone.targets or [])
        return await _make_plan(repository, "undo", operations, request)


async def _find_ids(repository: UndoRepository, request: UndoRequest) -> list[int]:
    """Return the ids of the operations that the request names or describes."""
    if request.back_to is not None:
        await get_operations(repository, [request.back_to])
        await _refuse_undos_across(repository, request.back_to)
        return await repository.ids_after(request.back_to)
    if request.operations:
        return request.operations
    newest = await repository.newest_command_of(request.actor)
    return [newest.id] if newest else []


async def _refuse_undos_across(repository: UndoRepository, operation_id: int) -> None:
    """Raise ConflictError if an operation up to `operation_id` was undone or redone afterwards.

    An undo or a redo must be undone alone, so undoing the later commands would not restore the state at that time.
    """
    across = await repository.find_undos_across(operation_id)
    if across:
        newest = across[-1]
        done = "undone" if newest.kind == "undo" else "redone"
        raise ConflictError(
            f"Operation {describe_operation(newest)} has {done} changes up to operation {operation_id}",
            hint=f"Run `blogcli undo {newest.id}` first.",
        )


async def plan_redo(sessions: SessionFactory, request: UndoRequest) -> UndoPlan | None:
    """Return the undo that `redo` would revert, or None if there is nothing to redo.

    The request may name an undo, or an operation that was undone. Raises NotFoundError if the operation does not
    exist, and ConflictError if it was not undone.
    """
    async with sessions() as session:
        repository = UndoRepository(session)
        if request.operations:
            (operation,) = await get_operations(repository, request.operations)
        else:
            newest = await repository.newest_undo_of(request.actor)
            if newest is None:
                return None
            operation = newest
        if operation.kind != "undo":
            if operation.undone_by_id is None:
                raise ConflictError(f"Operation {describe_operation(operation)} was not undone")
            (operation,) = await get_operations(repository, [operation.undone_by_id])
        return await _make_plan(repository, "redo", [operation], request)


async def _make_plan(
    repository: UndoRepository, kind: str, operations: Sequence[JournalOperation], request: UndoRequest
) -> UndoPlan:
    for operation in operations:
        verify_operation(operation, kind)
    ids = [operation.id for operation in operations]
    reverted = operations if kind == "undo" else await get_operations(repository, operations[0].targets or [])
    actors = {operation.actor or operation.program or "another program" for operation in operations}
    return UndoPlan(
        kind=kind,
        targets=ids,
        descriptions=[describe_operation(operation) for operation in reverted],
        other_actors=sorted(actors - {request.actor}),
        restores_password=await repository.changes_password(ids),
    )
