"""Publish, unpublish and schedule posts, and set the dates at which they expire."""

from datetime import UTC, datetime, tzinfo

from ...database import SessionFactory
from ...dates import format_instant
from ...errors import TryAgainError, UsageError
from ...models import Post
from ...models.base import utc_now
from ...repositories.imports import ImportRepository
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from ...schemas.posts.selection import PostSelection
from .bulk import apply_change, change_posts, check_not_trashed


async def publish_posts(
    sessions: SessionFactory, selection: PostSelection, *, options: BulkOptions
) -> Changes[PostSummary]:
    """Publish the selected posts.

    Raises NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if a post
    is in the trash or if `options` do not allow the changes.
    """
    now = utc_now()

    def publish(post: Post) -> bool:
        check_not_trashed(post)
        return post.publish(now)

    return await change_posts(sessions, selection, publish, options)


async def unpublish_posts(
    sessions: SessionFactory, selection: PostSelection, *, options: BulkOptions
) -> Changes[PostSummary]:
    """Make the selected posts drafts.

    Raises NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if a post
    is in the trash or if `options` do not allow the changes.
    """

    def unpublish(post: Post) -> bool:
        check_not_trashed(post)
        return post.unpublish()

    return await change_posts(sessions, selection, unpublish, options)


async def schedule_posts(
    sessions: SessionFactory, selection: PostSelection, *, at: datetime, options: BulkOptions, zone: tzinfo = UTC
) -> Changes[PostSummary]:
    """Schedule the selected posts for publication at the time `at`.

    Raises UsageError if `at` is in the past. The error message contains this time in the time zone `zone`. Raises
    NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if a post is in the
    trash or if `options` do not allow the changes.
    """
    now = utc_now()
    if at <= now:
        raise UsageError(f"{format_instant(at, zone)} is in the past", hint="Use a future time, or `post publish`.")

    def schedule(post: Post) -> bool:
        check_not_trashed(post)
        return post.schedule(at, now)

    return await change_posts(sessions, selection, schedule, options)


async def expire_posts(
    sessions: SessionFactory, selection: PostSelection, *, at: datetime | None, options: BulkOptions, zone: tzinfo = UTC
) -> Changes[PostSummary]:
    """Set the time at which the selected posts expire. If `at` is None, the posts never expire.

    Raises UsageError if `at` is in the past. The error message contains this time in the time zone `zone`. Raises
    NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if a post is in the
    trash or if `options` do not allow the changes.
    """
    if at is not None and at <= utc_now():
        raise UsageError(f"{format_instant(at, zone)} is in the past", hint="Use a future time, or `post unpublish`.")

    def expire(post: Post) -> bool:
        check_not_trashed(post)
        return post.expire(at)

    return await change_posts(sessions, selection, expire, options)


async def publish_due(
    sessions: SessionFactory, *, now: datetime | None = None, options: BulkOptions
) -> Changes[PostSummary]:
    """Publish the scheduled posts whose date is not after `now`, and unpublish the posts that have expired.

    A post that is published keeps the date for which it was scheduled. A scheduled post that has already expired is not
    published. Raises ConflictError if `options` do not allow the changes, and TryAgainError if another run is in
    progress. On SQLite, all commands that write share one lock, so a run waits for it like any other command.
    """
    moment = now or utc_now()

    def change(post: Post) -> bool:
        return post.withdraw() if post.has_expired(moment) else post.publish(moment)

    async with sessions.begin(dry_run=options.dry_run) as session:
        posts = PostRepository(session)
        if not await posts.try_publish_lock():
            raise TryAgainError(
                "Another run of `post publish-due` is in progress; nothing was changed",
                hint="Run the command again after the other run has ended.",
            )
        ids = await posts.lock_selected(lambda among: posts.due_ids(moment, among=among))
        imports = ImportRepository(session)
        unedited = await imports.unedited_ids(ids)
        changes = await apply_change(session, ids, change, options=options, missing=[])
        # These changes do not count as edits, so the next import may still update the posts from their sources.
        await imports.mark_source_change(unedited)
        return changes
