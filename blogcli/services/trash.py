"""Posts thrown away, brought back, destroyed."""

from ..database import SessionFactory
from ..models.base import utc_now
from ..repositories.posts import PostRepository
from ..schemas.base import Changes
from ..schemas.posts import PostSummary
from ..schemas.selection import PostSelection, Terms
from .selections import change_posts, check_affected, chosen_ids
from .summaries import post_summary


async def trash_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Put the chosen posts in the trash; those that lie there stay as they are. Raises what `change_posts` raises."""
    now = utc_now()
    return await change_posts(sessions, selection, lambda post: post.trash(now), terms)


async def restore_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Take the chosen posts out of the trash, with the status they had. Raises what `change_posts` raises."""
    return await change_posts(sessions, selection, lambda post: post.restore(), terms)


async def purge_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Destroy the chosen posts; what comes back is how they last were. Raises what `change_posts` raises."""
    async with sessions.begin(dry_run=terms.dry_run) as session:
        posts = PostRepository(session)
        ids, missing = await chosen_ids(session, selection, terms)
        check_affected(len(ids), terms)
        purged = [post_summary(post) async for batch in posts.load_batches(ids) for post in batch]
        await posts.purge(ids)
        return Changes(changed=purged, missing=missing)
