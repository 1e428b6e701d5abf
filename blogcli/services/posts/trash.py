"""Move posts to the trash, restore them, and delete them permanently."""

from ...database import SessionFactory
from ...enums import PostStatus
from ...models.base import utc_now
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts import PostSelection, PostSummary, Terms
from .bulk import change_posts, check_affected, check_confirmed, chosen_ids
from .summaries import post_summary


async def trash_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Put the chosen posts in the trash; those that lie there stay as they are. Raises what `change_posts` raises."""
    now = utc_now()
    return await change_posts(sessions, selection, lambda post: post.trash(now), terms)


async def restore_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Take the chosen posts out of the trash, with the status they had. Raises what `change_posts` raises."""
    return await change_posts(sessions, selection, lambda post: post.restore(), terms)


async def purge_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Delete the selected posts permanently, and return them as they last were; raises what `change_posts` raises."""
    async with sessions.begin(dry_run=terms.dry_run) as session:
        posts = PostRepository(session)
        ids, missing = await chosen_ids(session, selection, terms)
        check_affected(len(ids), terms)
        check_confirmed(ids, terms)
        purged = [post_summary(post) async for batch in posts.load_batches(ids) for post in batch]
        await posts.purge(ids)
        withdrawn = [post.id for post in purged if post.status is PostStatus.PUBLISHED]
        return Changes(changed=purged, missing=missing, withdrawn=withdrawn)
