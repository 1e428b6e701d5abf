"""Explain which rows and operations prevent an undo."""

from collections.abc import Sequence

from ...errors import ConflictError
from ...models.journal import JournalOperation
from ...repositories.journal.blockers import Blocker
from ...repositories.journal.undo import UndoRepository
from .operations import describe_operation

# The maximum number of blocking rows and of operations that a message names.
_MAX_BLOCKERS = 3


async def make_conflict(
    repository: UndoRepository,
    kind: str,
    operations: Sequence[JournalOperation],
    blockers: Sequence[Blocker],
    later: dict[int, JournalOperation],
) -> ConflictError:
    """Return the error that names the rows and the operations that prevent an undo or a redo."""
    names = ", ".join(describe_operation(operation) for operation in operations[:_MAX_BLOCKERS])
    reasons = []
    for blocker in blockers[:_MAX_BLOCKERS]:
        row = await repository.describe_row(blocker.table_no, blocker.row_id, blocker.other_id)
        operation = later.get(blocker.operation_id or 0)
        by = f" (operation {describe_operation(operation)})" if operation else ""
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
