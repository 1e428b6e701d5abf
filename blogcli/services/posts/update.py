"""Posts changed: fields, author, tags, one at a time in an editor or many at once."""

from ...database import SessionFactory
from ...models import Post
from ...repositories.base import RowLock
from ...schemas.base import Changes
from ...schemas.inputs.posts import PostUpdate, TagChanges
from ...schemas.posts import PostSelection, PostSummary, Terms
from .bulk import apply_change, check_not_trashed, chosen_ids
from .changes import apply_update, assign_author, check_slug, new_author_of, prepare_tag_update
from .lookup import known_users

# What changes the columns that are not loaded unless asked for.
_DEFERRED = {"title", "content", "extra", "extra_removed"}


async def update_posts(
    sessions: SessionFactory,
    selection: PostSelection,
    update: PostUpdate,
    *,
    author: str | None = None,
    tags: TagChanges | None = None,
    terms: Terms,
) -> Changes[PostSummary]:
    """Change what is set in `update`, the author, an id or an e-mail, and the tags, of every chosen post.

    Raises NotFoundError for a post, author or tag to remove that does not exist, ConflictError for a slug that is
    taken, for a post in the trash, and where more posts would change than the terms allow.
    """
    async with sessions.begin(dry_run=terms.dry_run) as session:
        # Every command locks users first, then tags, then posts, so that no two wait for each other.
        lock = RowLock.SHARED
        heir = (await known_users(session, [author], lock=lock))[0] if author else await new_author_of(session, update)
        retagging = await prepare_tag_update(session, tags or TagChanges())
        ids, missing = await chosen_ids(session, selection, terms)
        await check_slug(session, update, ids)

        def change(post: Post) -> bool:
            check_not_trashed(post)
            return any([apply_update(post, update), assign_author(post, heir), retagging.apply(post)])

        whole = not update.model_fields_set.isdisjoint(_DEFERRED)
        return await apply_change(session, ids, change, terms=terms, missing=missing, whole=whole)
