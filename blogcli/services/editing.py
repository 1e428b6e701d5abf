"""Posts changed: fields, author, tags, one at a time in an editor or many at once."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..errors import EditConflictError, NotFoundError, UsageError
from ..models import Post, Tag, User
from ..models.base import utc_now
from ..repositories.base import RowLock, assign
from ..repositories.posts import PostRepository
from ..repositories.tags import TagRepository
from ..schemas.base import Changes
from ..schemas.posts import PostDetail, PostSummary, PostUpdate, TagChanges
from ..schemas.selection import PostSelection, Terms
from .authors import author_named
from .selections import (
    apply_change,
    chosen_ids,
    known_tags,
    known_users,
    referenced_ids,
    refuse_taken_slug,
    refuse_trashed,
)
from .states import update_state
from .summaries import post_detail

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
        heir = (await known_users(session, [author], lock=lock))[0] if author else await _heir(session, update)
        retagging = await _prepare_retagging(session, tags or TagChanges())
        ids, missing = await chosen_ids(session, selection, terms)
        await _check_slug(session, update, ids)

        def change(post: Post) -> bool:
            refuse_trashed(post)
            return any([_apply(post, update), _give_to(post, heir), retagging.apply(post)])

        whole = not update.model_fields_set.isdisjoint(_DEFERRED)
        return await apply_change(session, ids, change, terms=terms, missing=missing, whole=whole)


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
        refuse_trashed(post)
        return post_detail(post)


async def save_edit(
    sessions: SessionFactory, id_: int, update: PostUpdate, *, tags: TagChanges, version: int, dry_run: bool = False
) -> Changes[PostSummary]:
    """Save what was edited on the basis of `version`.

    Raises EditConflictError if the post was changed meanwhile, ConflictError if the slug is taken, NotFoundError for
    an unknown author and if the post was purged.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        heir = await _heir(session, update)
        retagging = await _prepare_retagging(session, tags)
        await PostRepository(session).lock([id_])
        await _check_slug(session, update, [id_])

        def change(post: Post) -> bool:
            _refuse_changed(post, version)
            return any([_apply(post, update), _give_to(post, heir), retagging.apply(post)])

        changes = await apply_change(session, [id_], change, terms=Terms(), missing=[], whole=True)
        if not await PostRepository(session).get(id_):
            raise NotFoundError(f"Post {id_} was purged while it was edited")
        return changes


@dataclass(frozen=True, slots=True)
class _Retagging:
    """What is to happen to the tags of each post, with every tag looked up or made beforehand."""

    replacement: list[Tag] | None
    added: list[Tag]
    removed_ids: set[int]

    def apply(self, post: Post) -> bool:
        base = post.tags if self.replacement is None else self.replacement
        tags = {tag.id: tag for tag in (*base, *self.added) if tag.id not in self.removed_ids}
        return post.retag(list(tags.values()), utc_now())


async def _prepare_retagging(session: AsyncSession, changes: TagChanges) -> _Retagging:
    tags = TagRepository(session)
    removed = await known_tags(session, changes.remove, lock=RowLock.SHARED)
    return _Retagging(
        replacement=None if changes.set is None else await tags.ensure(changes.set),
        added=await tags.ensure(changes.add),
        removed_ids={tag.id for tag in removed},
    )


async def _check_slug(session: AsyncSession, update: PostUpdate, ids: list[int]) -> None:
    if "slug" not in update.model_fields_set:
        return
    if len(ids) > 1:
        raise UsageError("A slug belongs to one post", hint="Name one post with --slug.")
    for id_ in ids:
        await refuse_taken_slug(PostRepository(session), update.slug, unless_of=id_)


def _refuse_changed(post: Post, version: int) -> None:
    if post.version != version:
        raise EditConflictError(f"Post {post.id} ({post.slug}) was changed by another command while it was edited")


async def _heir(session: AsyncSession, update: PostUpdate) -> User | None:
    return None if update.author is None else await author_named(session, update.author, lock=RowLock.SHARED)


def _apply(post: Post, update: PostUpdate) -> bool:
    values = update.model_dump(exclude_unset=True, include={"title", "slug", "excerpt"})
    if update.extra or update.extra_removed:
        rest = {name: value for name, value in post.extra.items() if name not in update.extra_removed}
        values["extra"] = rest | update.extra
    differs = assign(post, values)
    if "content" in update.model_fields_set and update.content != post.content:
        post.write(update.content)
        differs = True
    return update_state(post, update, utc_now()) or differs


def _give_to(post: Post, heir: User | None) -> bool:
    if heir is None or heir.id == post.author_id:
        return False
    # The relationship, not the column alone: the answer names the author.
    post.author = heir
    return True
