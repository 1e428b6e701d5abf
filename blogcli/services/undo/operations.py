"""Look up, verify and describe operations."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import ConflictError, NotFoundError
from ...models.journal import JournalOperation
from ...origins import truncate
from ...repositories.journal.statements import RecordKey
from ...repositories.journal.tables import TABLE_NUMBERS
from ...repositories.journal.undo import UndoRepository
from ...schemas.undo import UndoRequest
from ..journal.references import resolve_row

# The maximum length of the command in a message.
_MAX_DESCRIPTION = 100


async def get_operations(
    repository: UndoRepository, ids: Sequence[int], *, lock: bool = False
) -> list[JournalOperation]:
    """Return the operations with the given ids, oldest first.

    Raises NotFoundError if an operation does not exist.
    """
    operations = await repository.get_many(ids, lock=lock)
    missing = set(ids) - {operation.id for operation in operations}
    if missing:
        raise NotFoundError.of(
            "operation", [str(id_) for id_ in sorted(missing)], hint="Run `blogcli log` to list operations."
        )
    return operations


def verify_operation(operation: JournalOperation, kind: str) -> None:
    """Raise ConflictError if an operation cannot be undone, or if an undo cannot be reverted by a redo."""
    if operation.kind == "migration":
        raise ConflictError(
            f"Operation {describe_operation(operation)} is a migration", hint="Use `blogcli db downgrade` to revert it."
        )
    if operation.undone_by_id is not None:
        verb, other = ("undone", "redo") if kind == "undo" else ("redone", "undo")
        raise ConflictError(
            f"Operation {describe_operation(operation)} was already {verb} by operation {operation.undone_by_id}",
            hint=f"`blogcli {other} {operation.id}` reverts that.",
        )


def describe_operation(operation: JournalOperation) -> str:
    """Return the id of an operation and what it did, such as `44 (post publish --tag ready)`, in one short line."""
    what = truncate(operation.command or operation.verb or operation.program or operation.kind, _MAX_DESCRIPTION)
    if operation.kind == "outside":
        what = f"outside, {operation.program or 'another program'}"
    return f"{operation.id} ({what})"


async def find_record(session: AsyncSession, request: UndoRequest) -> RecordKey | None:
    """Return the key of the record to which the request restricts the undo, if any."""
    if request.record is None:
        return None
    noun, reference = request.record
    return RecordKey(TABLE_NUMBERS[f"{noun}s"], await resolve_row(session, noun, reference))
