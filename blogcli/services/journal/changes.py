"""Show what an operation has changed: each change for programs, or each changed row for people."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ...database import SessionFactory
from ...repositories.dialects import use_snapshot_isolation
from ...repositories.journal.changes import RowChange, read_row_changes
from ...schemas.journal import RowSummary
from .operations import get_operation, open_session
from .rows import read_row_summaries

_ACTIONS = {"i": "insert", "u": "update", "d": "delete"}
_BATCH = 200


async def stream_changes(
    sessions: SessionFactory, id_: int, *, started_at: datetime | None = None
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Yield the changes of an operation as dictionaries, oldest first and in batches.

    The keys are `table`, `id`, `other` (the id of the tag of a link), `action`, and `from` and `to`, which contain the
    changed values by column. Raises the errors of `get_operation`.
    """
    async with open_session(sessions, started_at) as session:
        await use_snapshot_isolation(session)
        await get_operation(session, id_, started_at=started_at)
        batch: list[Mapping[str, Any]] = []
        async for change in read_row_changes(session, id_):
            batch.append(_make_record(change))
            # A batch with the text of a post is not extended, because the text may be long.
            if len(batch) >= _BATCH or _has_content(change):
                yield batch
                batch = []
        yield batch


def _make_record(change: RowChange) -> Mapping[str, Any]:
    return {
        "table": change.table,
        "id": change.row_id,
        "other": change.other_id or None,
        "action": _ACTIONS[change.action],
        "from": change.before,
        "to": change.after,
    }


def _has_content(change: RowChange) -> bool:
    return "content" in (change.before or {}) or "content" in (change.after or {})


async def stream_row_summaries(
    sessions: SessionFactory, id_: int, *, limit: int | None = None
) -> AsyncIterator[RowSummary]:
    """Yield what an operation has changed in each user, post and tag, at most `limit` of them.

    Raises NotFoundError if the operation does not exist.
    """
    async with sessions() as session:
        await use_snapshot_isolation(session)
        await get_operation(session, id_)
        async for summary in read_row_summaries(session, id_, limit=limit):
            yield summary
