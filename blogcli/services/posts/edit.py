"""Load a post for an editor, and save the edited post."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ...database import SessionFactory
from ...errors import EditConflictError, NotFoundError
from ...models import Post
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostDetail, PostSummary
from ...text.timestamps import rfc_3339
from .bulk import apply_change, check_not_trashed
from .changes import apply_update, assign_author, check_slug, prepare_tag_update, resolve_new_author
from .lookup import resolve_posts
from .summaries import post_detail

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostUpdate, TagChanges


async def find_posts_to_edit(sessions: SessionFactory, references: Sequence[str]) -> list[int]:
    """Return the ids of the posts that the references name, each id once.

    Raises NotFoundError if a post does not exist, and ConflictError if a post is in the trash.
    """
    async with sessions() as session:
        ids, _ = await resolve_posts(session, references)
        for post in await PostRepository(session).get_details(ids):
            check_not_trashed(post)
        return ids


async def post_to_edit(sessions: SessionFactory, reference: str, *, base: str | None = None) -> PostDetail:
    """Return a post with all fields that can be edited.

    Raises NotFoundError if the post does not exist, ConflictError if the post is in the trash, and EditConflictError if
    the post was changed since `get_edit_base` returned `base`.
    """
    async with sessions() as session:
        ids, _ = await resolve_posts(session, [reference])
        (post,) = await PostRepository(session).get_details(ids)
        if base is not None:
            _check_base(post, base)
        check_not_trashed(post)
        return post_detail(post)


async def save_edit(
    sessions: SessionFactory,
    id_: int,
    update: "PostUpdate",
    *,
    tags: "TagChanges",
    base: str,
    dry_run: bool = False,
) -> Changes[PostSummary]:
    """Save the changes that a user made to a post in the state for which `get_edit_base` returned `base`.

    Raises EditConflictError if the post was changed or moved to the trash in the meantime, and ConflictError if another
    post has the slug. Raises NotFoundError if the author or a tag to remove does not exist, or if the post was purged.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        new_author = await resolve_new_author(session, update)
        tag_update = await prepare_tag_update(session, tags)
        await PostRepository(session).lock([id_])
        await check_slug(session, update, [id_])

        def change(post: Post) -> bool:
            _check_base(post, base)
            return any([apply_update(post, update), assign_author(post, new_author), tag_update.apply(post)])

        changes = await apply_change(session, [id_], change, options=BulkOptions(), missing=[], with_content=True)
        if not await PostRepository(session).get(id_):
            raise NotFoundError(f"Post {id_} was purged while it was edited")
        return changes


def get_edit_base(post: Post | PostDetail) -> str:
    """Return a text that identifies the state of a post: its version and the time of its last change.

    After an undo, another change can give the post the same version again, but not the same time.
    """
    return format_edit_base(post.version, post.updated_at)


def format_edit_base(version: int, updated_at: datetime) -> str:
    """Return the text by which `get_edit_base` identifies a state with this version and time of the last change."""
    return f"{version} {rfc_3339(updated_at)}"


def _check_base(post: Post, base: str) -> None:
    if get_edit_base(post) != base:
        raise EditConflictError(f"Post {post.id} ({post.slug}) was changed by another command while it was edited")
