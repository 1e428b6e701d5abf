"""Move posts to the trash, restore them, and delete them permanently."""

from ...database import SessionFactory
from ...models.base import utc_now
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from ...schemas.posts.selection import PostSelection
from .bulk import ChangeCollector, change_posts, select_ids
from .summaries import post_summary


async def trash_posts(
    sessions: SessionFactory, selection: PostSelection, *, options: BulkOptions
) -> Changes[PostSummary]:
    """Move the selected posts to the trash.

    Raises NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if
    `options` do not allow the changes.
    """
    now = utc_now()
    return await change_posts(sessions, selection, lambda post: post.trash(now), options)


async def restore_posts(
    sessions: SessionFactory, selection: PostSelection, *, options: BulkOptions
) -> Changes[PostSummary]:
    """Take the selected posts out of the trash. Each post gets back the status that it had before it was trashed.

    Raises NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if
    `options` do not allow the changes.
    """
    return await change_posts(sessions, selection, lambda post: post.restore(), options)


async def purge_posts(
    sessions: SessionFactory, selection: PostSelection, *, options: BulkOptions
) -> Changes[PostSummary]:
    """Delete the selected posts permanently, and return them in their last state.

    Raises NotFoundError if a post, a tag or an author of the selection does not exist, and ConflictError if
    `options` do not allow the changes.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        posts = PostRepository(session)
        ids, missing = await select_ids(session, selection, options)
        collector = ChangeCollector(options, post_summary)
        collector.add_ids(ids)
        async for batch in posts.load_batches(ids):
            for post in batch:
                collector.add_purged(post)
        await posts.purge(ids)
        return collector.result(missing=missing, unchanged=0)
