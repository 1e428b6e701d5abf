"""Change the fields, the author and the tags of posts."""

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...models import Post, User
from ...repositories.base import RowLock
from ...schemas.base import Changes
from ...schemas.inputs.posts import PostUpdate, TagChanges
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from ...schemas.posts.selection import PostSelection
from .bulk import apply_change, check_not_trashed, select_ids
from .changes import apply_update, assign_author, check_slug, prepare_tag_update, resolve_new_author
from .lookup import resolve_users

# To change these fields, the content and the extra fields of a post must be loaded, which is not done by default.
_FIELDS_THAT_NEED_CONTENT = {"title", "content", "extra", "extra_removed"}


async def update_posts(
    sessions: SessionFactory,
    selection: PostSelection,
    update: PostUpdate,
    *,
    author: str | None = None,
    tags: TagChanges | None = None,
    options: BulkOptions,
) -> Changes[PostSummary]:
    """Change the selected posts: the fields that `update` sets, the author and the tags.

    `author` is an id or an e-mail address, and overrides the author of `update`. Raises NotFoundError if a post, a tag
    or an author of the selection, the new author or a tag to remove does not exist. Raises ConflictError if another
    post has the slug, if a post is in the trash, or if `options` do not allow the changes. Raises UsageError if
    `update` sets a slug and several posts are selected.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        # Every command locks users first, then tags, then posts, so that two commands never wait for each other.
        new_author = await _resolve_author(session, update, author)
        tag_update = await prepare_tag_update(session, tags or TagChanges())
        ids, missing = await select_ids(session, selection, options)
        await check_slug(session, update, ids)

        def change(post: Post) -> bool:
            check_not_trashed(post)
            return any([apply_update(post, update), assign_author(post, new_author), tag_update.apply(post)])

        needs_content = not update.model_fields_set.isdisjoint(_FIELDS_THAT_NEED_CONTENT)
        return await apply_change(session, ids, change, options=options, missing=missing, with_content=needs_content)


async def _resolve_author(session: AsyncSession, update: PostUpdate, author: str | None) -> User | None:
    if not author:
        return await resolve_new_author(session, update)
    (user,), _ = await resolve_users(session, [author], lock=RowLock.SHARED)
    return user
