"""A selection as people write it -> filters and ids; and the one loop that changes what it chooses."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import ConflictError
from ...models import Post
from ...repositories.base import RowLock
from ...repositories.posts.query import PostQueryRepository
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts import PostSelection, PostSummary, Terms
from .lookup import order_of, resolve_filters, resolve_posts
from .summaries import post_summary


async def chosen_ids(session: AsyncSession, selection: PostSelection, terms: Terms) -> tuple[list[int], list[str]]:
    """Return the ids of the posts that a command is to change, and the references that it ignores.

    The posts are held until the transaction ends. Those that another command has changed meanwhile so that the
    filters no longer choose them are left out, as if this command had started a moment later.
    """
    if selection.references is not None:
        return await resolve_posts(
            session, selection.references, ignore_missing=terms.ignore_missing, lock=RowLock.EXCLUSIVE
        )

    filters = await resolve_filters(session, selection, must_narrow=True)
    posts = PostQueryRepository(session)

    async def choose(among: Sequence[int] | None) -> list[int]:
        if among is not None:
            # Where the selection has a limit, other posts may have come before these.
            return await posts.ids(replace(filters, ids=among), order_of(selection))
        return await posts.ids(filters, order_of(selection), offset=selection.offset, limit=selection.limit)

    return await PostRepository(session).lock_chosen(choose), []


async def change_posts(
    sessions: SessionFactory, selection: PostSelection, change: Callable[[Post], bool], terms: Terms
) -> Changes[PostSummary]:
    """Apply `change` to every chosen post, in one transaction.

    Raises NotFoundError for references that name nothing, ConflictError where more posts would change than
    `max_affected` allows; in both cases nothing is changed.
    """
    async with sessions.begin(dry_run=terms.dry_run) as session:
        ids, missing = await chosen_ids(session, selection, terms)
        return await apply_change(session, ids, change, terms=terms, missing=missing)


async def apply_change(
    session: AsyncSession,
    ids: list[int],
    change: Callable[[Post], bool],
    *,
    terms: Terms,
    missing: list[str],
    whole: bool = False,
) -> Changes[PostSummary]:
    """Apply `change` to the posts with these ids, batch by batch; return those that changed as they are afterwards.

    The posts must be held already, as `chosen_ids` does. `whole` loads their content and extra too, for a change that
    compares them.
    """
    changes = Changes[PostSummary](changed=[], missing=missing)
    posts = PostRepository(session)
    async for batch in posts.load_batches(ids, whole=whole):
        before = [(post, post.is_public, post.words) for post in batch]
        altered = [states for states in before if change(states[0])]
        changed = [post for post, _, _ in altered]
        check_affected(len(changes.changed) + len(changed), terms)
        check_confirmed([post.id for post in changed], terms)
        await posts.save(changed)
        changes.changed.extend(post_summary(post) for post in changed)
        changes.published.extend(post.id for post, was_public, _ in altered if post.is_public and not was_public)
        changes.withdrawn.extend(post.id for post, was_public, _ in altered if was_public and not post.is_public)
        changes.emptied.extend(post.id for post, _, words in altered if words and not post.words)
    return replace(changes, unchanged=len(ids) - len(changes.changed))


def check_confirmed(ids: Sequence[int], terms: Terms) -> None:
    """Raise ConflictError for a post that would change although nobody was asked about it."""
    if terms.confirmed is not None and not terms.confirmed.issuperset(ids):
        raise ConflictError(
            "Other posts were selected while you were asked; nothing was changed", hint="Run the command again."
        )


def check_affected(count: int, terms: Terms) -> None:
    """Raise ConflictError when more would change than the terms allow."""
    if terms.max_affected is not None and count > terms.max_affected:
        raise ConflictError(
            f"More than {terms.max_affected} post{'' if terms.max_affected == 1 else 's'} would change; nothing did",
            hint="Narrow the selection, or raise --max-affected or the setting max_affected.",
        )


async def check_slug_is_free(posts: PostRepository, slug: str, *, unless_of: int | None = None) -> None:
    """Raise ConflictError when another post has the slug."""
    owner, is_trashed = await posts.get_slug_owner(slug) or (None, False)
    if owner is None or owner == unless_of:
        return
    if is_trashed:
        raise ConflictError(
            f"The slug {slug!r} is taken by post {owner}, which is in the trash",
            hint=f"Choose another --slug, or run `blogcli post delete {owner} --purge` to delete that post for good.",
        )
    raise ConflictError(f"The slug {slug!r} is taken by post {owner}", hint="Choose another --slug.")


def check_not_trashed(post: Post) -> None:
    """Raise ConflictError for a post in the trash: it has to come out first."""
    if post.trashed_at is not None:
        raise ConflictError(
            f"Post {post.id} ({post.slug}) is in the trash", hint=f"Run `blogcli post restore {post.id}` first."
        )
