"""Edit one post in an editor."""

from typing import TYPE_CHECKING

from ...database import SessionFactory
from ...errors import EditConflictError, NotFoundError
from ...models import Post
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts import PostDetail, PostSummary, Terms
from .bulk import apply_change, check_not_trashed
from .changes import apply_update, assign_author, check_slug, new_author_of, prepare_tag_update
from .lookup import referenced_ids
from .summaries import post_detail

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostUpdate, TagChanges


async def post_to_edit(sessions: SessionFactory, reference: str, *, version: int | None = None) -> PostDetail:
    """The post that is named, as an edit starts from it.

    Raises NotFoundError where there is none, ConflictError for a post in the trash, and EditConflictError where it
    no longer has the version that is given.
    """
    async with sessions() as session:
        ids, _ = await referenced_ids(session, [reference])
        (post,) = await PostRepository(session).get_details(ids)
        if version is not None:
            _refuse_changed(post, version)
        check_not_trashed(post)
        return post_detail(post)


async def save_edit(
    sessions: SessionFactory, id_: int, update: "PostUpdate", *, tags: "TagChanges", version: int, dry_run: bool = False
) -> Changes[PostSummary]:
    """Save what was edited on the basis of `version`.

    Raises EditConflictError if the post was changed meanwhile, ConflictError if the slug is taken, NotFoundError for
    an unknown author and if the post was purged.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        heir = await new_author_of(session, update)
        retagging = await prepare_tag_update(session, tags)
        await PostRepository(session).lock([id_])
        await check_slug(session, update, [id_])

        def change(post: Post) -> bool:
            _refuse_changed(post, version)
            return any([apply_update(post, update), assign_author(post, heir), retagging.apply(post)])

        changes = await apply_change(session, [id_], change, terms=Terms(), missing=[], whole=True)
        if not await PostRepository(session).get(id_):
            raise NotFoundError(f"Post {id_} was purged while it was edited")
        return changes


def _refuse_changed(post: Post, version: int) -> None:
    if post.version != version:
        raise EditConflictError(f"Post {post.id} ({post.slug}) was changed by another command while it was edited")
