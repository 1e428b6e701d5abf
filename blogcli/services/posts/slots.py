"""Schedule posts for the next free times that a rule gives."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from ...database import SessionFactory
from ...dates.slots import Slot, SlotRule
from ...errors import UsageError
from ...models import Post
from ...models.base import utc_now
from ...repositories.base import CHUNK
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from ...schemas.posts.selection import PostSelection
from .bulk import apply_change, check_not_trashed, select_ids

_MAX_NOTES = 10
# The number of slots that are checked in addition to the number of posts, so that one query is usually enough.
_MARGIN = 50


async def schedule_in_slots(
    sessions: SessionFactory, selection: PostSelection, *, rule: SlotRule, options: BulkOptions
) -> Changes[PostSummary]:
    """Schedule each of the selected posts, in order, for the next slot that no other scheduled post has.

    The notes of the result say which slots were moved because of a change of the clocks, and how many were skipped.

    Raises UsageError if the rule has fewer free slots than there are posts. Raises NotFoundError if a post, a tag or an
    author of the selection does not exist, and ConflictError if a post is in the trash or if `options` do not allow the
    changes.
    """
    now = utc_now()
    async with sessions.begin(dry_run=options.dry_run) as session:
        posts = PostRepository(session)
        await posts.acquire_slot_lock()
        ids, missing = await select_ids(session, selection, options)
        free, skipped_count = await _find_free_slots(posts, rule.slots(now), ids)
        slots = dict(zip(ids, free, strict=True))

        def schedule(post: Post) -> bool:
            check_not_trashed(post)
            return post.schedule(slots[post.id].at, now)

        changes = await apply_change(session, ids, schedule, options=options, missing=missing)
        return replace(changes, notes=_describe_slots(slots, changes.ids, skipped_count))


async def _find_free_slots(posts: PostRepository, slots: Iterator[Slot], ids: Sequence[int]) -> tuple[list[Slot], int]:
    """Return one free slot for each id, and the number of slots that were skipped because other posts have them."""
    selected = frozenset(ids)
    free: dict[datetime, Slot] = {}
    skipped_count = 0
    while len(free) < len(ids):
        candidates = list(islice(slots, min(len(ids) - len(free) + _MARGIN, CHUNK)))
        if not candidates:
            raise UsageError(
                f"The rule has only {len(free):,} free slots for {len(ids):,} posts; nothing was changed",
                hint="Use a rule with more times, or schedule fewer posts.",
            )
        taken = await posts.scheduled_dates([slot.at for slot in candidates], except_ids=selected)
        for slot in candidates:
            if slot.at in taken:
                skipped_count += 1
                continue
            # If the clocks skip a local time, it is moved, and another slot may have the same time then.
            free.setdefault(slot.at, slot)
            if len(free) == len(ids):
                break
    return list(free.values()), skipped_count


def _describe_slots(slots: Mapping[int, Slot], changed_ids: Sequence[int], skipped_count: int) -> list[str]:
    notes = list(dict.fromkeys(note for id_ in changed_ids if (note := slots[id_].note)))
    if len(notes) > _MAX_NOTES:
        notes[_MAX_NOTES:] = [f"... and {len(notes) - _MAX_NOTES} more slots at which the clocks change."]
    if skipped_count and changed_ids:
        plural = "" if skipped_count == 1 else "s"
        notes.append(f"Skipped {skipped_count:,} slot{plural} of other scheduled posts.")
    return notes
