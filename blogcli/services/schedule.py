"""List and count the changes that `post publish-due` will make."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from ..database import SessionFactory
from ..enums import EventKind
from ..models.base import utc_now
from ..repositories.posts.rows import OnFault, PostRow
from ..repositories.schedule import ScheduleRepository
from ..schemas.base import Page
from ..schemas.schedule import ScheduledEvent
from .posts.summaries import printed_columns

_POST_FIELDS = [field.name for field in fields(ScheduledEvent) if field.name not in ("due_at", "event")]
_COLUMNS = printed_columns([*_POST_FIELDS, "published_at", "created_at", "expires_at"])


async def list_events(
    sessions: SessionFactory, *, limit: int, with_total: bool = False, on_fault: OnFault
) -> Page[Mapping[str, Any]]:
    """Return the next events as mappings that `ScheduledEvent` prints as JSON, and their total if it is requested.

    `on_fault` receives a line about each value that cannot be read and is left empty.
    """
    events = [event async for batch in stream_events(sessions, limit=limit, on_fault=on_fault) for event in batch]
    return Page(items=events, total=await count_events(sessions) if with_total else None)


async def stream_events(
    sessions: SessionFactory, *, limit: int = 0, on_fault: OnFault
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Yield all events that are due or will be due, in order of time and in batches.

    An event is yielded as the mapping that `ScheduledEvent` prints as JSON. `on_fault` receives a line about each value
    that cannot be read and is left empty. A limit of 0 means no limit.
    """
    async with sessions() as session:
        batches = ScheduleRepository(session).stream(utc_now(), columns=_COLUMNS, on_fault=on_fault, limit=limit)
        async for batch in batches:
            yield [_event(kind, post) for kind, post in batch]


async def count_events(sessions: SessionFactory) -> int:
    """Return the number of events that are due or will be due."""
    async with sessions() as session:
        return await ScheduleRepository(session).count(utc_now())


def _event(kind: EventKind, post: PostRow) -> Mapping[str, Any]:
    publication = post["published_at"] or post["created_at"]
    due_at = publication if kind is EventKind.PUBLISH else post["expires_at"]
    return {"due_at": due_at, "event": kind.value} | {name: post[name] for name in _POST_FIELDS}
