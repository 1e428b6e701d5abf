"""Query the changes that `publish-due` will make."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from sqlalchemy import CompoundSelect, and_, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import EventKind, PostStatus
from ..models import Post
from ..models.posts import post_date
from .base import CHUNK, limit_offset
from .posts.rows import OnFault, PostColumns, PostRow


class ScheduleRepository:
    """Query the events of the schedule: posts that are to be published, and posts that are to be unpublished."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def count(self, now: datetime) -> int:
        """Return the number of events that have not taken place at `now`."""
        return await self.session.scalar(select(func.count()).select_from(_events(now).subquery())) or 0

    async def stream(
        self, now: datetime, *, columns: PostColumns, on_fault: OnFault, limit: int = 0
    ) -> AsyncIterator[Sequence[tuple[EventKind, PostRow]]]:
        """Yield the events that have not taken place at `now` and their posts, in order of time and in batches.

        `on_fault` receives a line about each value that cannot be read. A limit of 0 means no limit.
        """
        events = _events(now, limit=limit).subquery()
        statement = columns.statement.join(events, events.c.id == Post.id).add_columns(events.c.event)
        ordered = statement.order_by(events.c.due_at, Post.id, events.c.event)
        result = await self.session.stream(
            limit_offset(ordered, limit=limit), execution_options={"yield_per": min(limit, CHUNK) or CHUNK}
        )
        async for rows in result.partitions():
            yield [(EventKind(row[-1]), columns.read_displayed(row[:-1], on_fault)) for row in rows]


def _events(now: datetime, *, limit: int = 0) -> CompoundSelect[int, datetime, str]:
    """Return a statement for the ids of posts and the times and kinds of events, the first `limit` events of each kind.

    A post that expires before it would be published is not published.
    """
    not_trashed = Post.trashed_at.is_(None)
    is_published = or_(Post.expires_at.is_(None), and_(Post.expires_at > now, Post.expires_at > post_date))
    publish = select(Post.id, post_date.label("due_at"), literal(EventKind.PUBLISH.value).label("event"))
    publish = publish.where(not_trashed, Post.status == PostStatus.SCHEDULED, is_published)
    unpublish = select(Post.id, Post.expires_at.label("due_at"), literal(EventKind.UNPUBLISH.value).label("event"))
    unpublish = unpublish.where(not_trashed, Post.expires_at.is_not(None))
    if limit:
        # Each of the two queries reads the first rows of an index.
        publish = publish.order_by(post_date, Post.id).limit(limit)
        unpublish = unpublish.order_by(Post.expires_at, Post.id).limit(limit)
    # Only a subquery can have a limit of its own in a UNION on SQLite.
    return union_all(select(publish.subquery()), select(unpublish.subquery()))
