"""Posts made public, withdrawn, planned."""

from datetime import UTC, datetime, tzinfo

from ..database import SessionFactory
from ..dates import format_instant
from ..errors import UsageError
from ..models import Post
from ..models.base import utc_now
from ..repositories.imports import ImportRepository
from ..repositories.posts import PostRepository
from ..schemas.base import Changes
from ..schemas.posts import PostSummary
from ..schemas.selection import PostSelection, Terms
from .selections import apply_change, change_posts, refuse_trashed


async def publish_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Publish the chosen posts; raises what `change_posts` raises, and ConflictError for a post in the trash."""
    now = utc_now()

    def publish(post: Post) -> bool:
        refuse_trashed(post)
        return post.publish(now)

    return await change_posts(sessions, selection, publish, terms)


async def unpublish_posts(sessions: SessionFactory, selection: PostSelection, *, terms: Terms) -> Changes[PostSummary]:
    """Make the chosen posts drafts; raises what `change_posts` raises, and ConflictError for a post in the trash."""

    def unpublish(post: Post) -> bool:
        refuse_trashed(post)
        return post.unpublish()

    return await change_posts(sessions, selection, unpublish, terms)


async def schedule_posts(
    sessions: SessionFactory, selection: PostSelection, *, at: datetime, terms: Terms, zone: tzinfo = UTC
) -> Changes[PostSummary]:
    """Schedule the chosen posts for publication.

    Raises what `publish_posts` raises, and UsageError, which names the time in `zone`, for a time that has passed.
    """
    now = utc_now()
    if at <= now:
        raise UsageError(f"{format_instant(at, zone)} has passed", hint="Give --at a later time, or publish the posts.")

    def schedule(post: Post) -> bool:
        refuse_trashed(post)
        return post.schedule(at, now)

    return await change_posts(sessions, selection, schedule, terms)


async def publish_due(sessions: SessionFactory, *, now: datetime | None = None, terms: Terms) -> Changes[PostSummary]:
    """Publish every scheduled post whose time has come by `now`, each as of its own time."""
    moment = now or utc_now()
    async with sessions.begin(dry_run=terms.dry_run) as session:
        posts = PostRepository(session)
        ids = await posts.lock_chosen(lambda among: posts.due_ids(moment, among=among))
        changes = await apply_change(session, ids, lambda post: post.publish(moment), terms=terms, missing=[])
        # Nobody has edited them: the next import may bring what is new in their sources.
        await ImportRepository(session).follow(ids)
        return changes
