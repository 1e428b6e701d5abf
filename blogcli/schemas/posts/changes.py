"""The changes of posts that a command plans, and the options that limit changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class PlannedChange:
    """A change of one post that a command has planned but not made.

    `version` and `updated_at` are the values that the post had when the change was planned. `change` contains the new
    values by field name, or is None if the post is to be deleted permanently.
    """

    id: int
    uuid: UUID
    slug: str
    version: int
    updated_at: datetime
    change: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class BulkOptions:
    """The conditions under which the selected posts are changed.

    `max_affected` is the maximum number of posts that may change. If `confirmed` is not None, it contains the ids of
    the posts that the user has agreed to change, and changing any other post is a conflict. At most `max_records` of
    the changed posts are returned as records, so that memory does not grow with the number of posts. If `max_records`
    is None, all changed posts are returned. `on_planned` is called for each change before it is written, so a dry run
    can collect the changes.
    """

    dry_run: bool = False
    ignore_missing: bool = False
    max_affected: int | None = None
    confirmed: frozenset[int] | None = None
    max_records: int | None = None
    on_planned: Callable[[PlannedChange], None] | None = None
