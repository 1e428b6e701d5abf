"""Records of the schedule: the publications and expiries that are still to come."""

from dataclasses import dataclass
from datetime import datetime

from ..enums import EventKind, PostStatus


@dataclass(frozen=True, kw_only=True)
class ScheduledEvent:
    """A change that `post publish-due` makes when it runs at or after `due_at`, and the post that it changes."""

    due_at: datetime
    event: EventKind
    id: int
    title: str
    slug: str
    status: PostStatus
    author: str
