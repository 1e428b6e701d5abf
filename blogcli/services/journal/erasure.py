"""Delete old operations from the journal, and erase the former values of posts and users.

These use cases change only the journal, so they are no operations and cannot be undone.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...repositories.journal.erasure import ErasureRepository, JournalSize
from ...repositories.journal.undo import UndoRepository
from ...schemas.journal import ErasedValues, JournalPart, Retention
from .references import resolve_row


async def plan_prune(sessions: SessionFactory, retention: Retention) -> JournalPart:
    """Return the size of the part of the journal that `prune` would delete."""
    async with sessions() as session:
        return _make_part(await ErasureRepository(session).measure_old(before=retention.since, keep=retention.newest))


async def prune(sessions: SessionFactory, retention: Retention, *, dry_run: bool = False) -> JournalPart:
    """Delete the operations that a retention does not keep, and return the size of the deleted part."""
    part = await plan_prune(sessions, retention)
    if dry_run or not part.operations:
        return part
    async with sessions.begin() as session:
        repository = await _open_journal(session)
        measured = await repository.measure_old(before=retention.since, keep=retention.newest)
        await repository.delete_old(before=retention.since, keep=retention.newest)
        return _make_part(measured)


async def plan_forget(sessions: SessionFactory, noun: str, reference: str) -> ErasedValues:
    """Return how many former values of a post or a user `forget` would erase.

    Raises NotFoundError if neither the blog nor the journal contains the post or the user.
    """
    async with sessions() as session:
        id_ = await resolve_row(session, noun, reference)
        return _make_erased(noun, id_, await ErasureRepository(session).measure_values(noun, id_))


async def forget(sessions: SessionFactory, noun: str, reference: str, *, dry_run: bool = False) -> ErasedValues:
    """Erase all former values of a post or a user from the journal, and return how many were erased.

    Operations that have changed it can then no longer be undone as a whole, and show only the words of their command.
    Raises NotFoundError if neither the blog nor the journal contains the post or the user.
    """
    planned = await plan_forget(sessions, noun, reference)
    if dry_run:
        return planned
    async with sessions.begin() as session:
        repository = await _open_journal(session)
        measured = await repository.measure_values(noun, planned.id)
        await repository.erase_values(noun, planned.id)
        return _make_erased(noun, planned.id, measured)


async def _open_journal(session: AsyncSession) -> ErasureRepository:
    """Wait until no undo is running, because an undo reads the former values."""
    await UndoRepository(session).lock()
    repository = ErasureRepository(session)
    await repository.leave_journal()
    return repository


def _make_part(size: JournalSize) -> JournalPart:
    return JournalPart(operations=size.operations, changes=size.changes, size=size.size)


def _make_erased(noun: str, id_: int, size: JournalSize) -> ErasedValues:
    return ErasedValues(noun=noun, id=id_, operations=size.operations, changes=size.changes, size=size.size)
