"""Select the posts that a command changes, and apply a change to them in batches."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import ConflictError
from ...models import Post
from ...repositories.base import RowLock
from ...repositories.posts.query import PostQueryRepository
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from ...schemas.posts.selection import PostSelection
from .lookup import order_of, resolve_filters, resolve_posts
from .planned_changes import plan_change, plan_purge
from .summaries import post_summary

RecordT = TypeVar("RecordT")
# A function that returns those ids of a list that a command may change.
NarrowIds = Callable[[list[int]], Awaitable[list[int]]]


async def select_ids(
    session: AsyncSession, selection: PostSelection, options: BulkOptions, *, narrow: NarrowIds | None = None
) -> tuple[list[int], list[str]]:
    """Lock the selected posts, and return their ids and the references that name no post.

    The posts are locked until the transaction ends. If another command changes a post before the post is locked, and
    the filters no longer match the post, the post is left out. If `narrow` is given, only those posts are selected
    whose ids it returns. It is called before the posts that match the filters are locked, and again for the locked
    posts. Raises NotFoundError if a tag or an author does not exist, or if a reference names no post and
    `options.ignore_missing` is false.
    """
    if selection.references is not None:
        ids, missing = await resolve_posts(
            session, selection.references, ignore_missing=options.ignore_missing, lock=RowLock.EXCLUSIVE
        )
        return (await narrow(ids) if narrow else ids), missing

    filters = await resolve_filters(session, selection, must_narrow=True)
    posts = PostQueryRepository(session)

    async def select(among: Sequence[int] | None) -> list[int]:
        if among is not None:
            # The limit was already applied to select these ids. It must not be applied again, because posts that were
            # created since then may come first in the order.
            ids = await posts.ids(replace(filters, ids=among), order_of(selection))
        else:
            ids = await posts.ids(filters, order_of(selection), offset=selection.offset, limit=selection.limit)
        return await narrow(ids) if narrow else ids

    return await PostRepository(session).lock_selected(select), []


async def change_posts(
    sessions: SessionFactory, selection: PostSelection, change: Callable[[Post], bool], options: BulkOptions
) -> Changes[PostSummary]:
    """Apply `change` to the selected posts in one transaction, and return the changed posts in their new state.

    `change` returns whether it changed the post. Raises NotFoundError if a post, a tag or an author of the selection
    does not exist, and ConflictError if `options` do not allow the changes. In both cases, nothing is changed.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        ids, missing = await select_ids(session, selection, options)
        return await apply_change(session, ids, change, options=options, missing=missing)


async def apply_change(
    session: AsyncSession,
    ids: list[int],
    change: Callable[[Post], bool],
    *,
    options: BulkOptions,
    missing: list[str],
    with_content: bool = False,
) -> Changes[PostSummary]:
    """Apply `change` to the posts with these ids in batches, and return the changed posts in their new state.

    The posts must be locked, for example by `select_ids`. If `change` reads the content or the extra fields of posts,
    `with_content` must be true. Raises ConflictError if `options` do not allow the changes.
    """
    collector = ChangeCollector(options, post_summary)
    changed_count = 0
    posts = PostRepository(session)
    async for batch in posts.load_batches(ids, with_content=with_content):
        previous = [(post, post.is_public, post.words) for post in batch]
        changed = [(post, was_public, words) for post, was_public, words in previous if change(post)]
        changed_count += len(changed)
        collector.add_unsaved([post for post, _, _ in changed])
        await posts.save([post for post, _, _ in changed])
        for post, was_public, words in changed:
            collector.add_changed(post, was_public=was_public, previous_words=words)
    return collector.result(missing=missing, unchanged=len(ids) - changed_count)


class ChangeCollector(Generic[RecordT]):
    """Collects the ids of all changed posts, and the records of the first `options.max_records` changed posts.

    `make_record` returns the record of a post.
    """

    def __init__(self, options: BulkOptions, make_record: Callable[[Post], RecordT]) -> None:
        self._options = options
        self._make_record = make_record
        self._ids: list[int] = []
        self._changes = Changes[RecordT](changed=[])

    def add_ids(self, ids: Sequence[int]) -> None:
        """Add the ids of changed posts.

        Raises ConflictError if the options do not allow the changes.
        """
        check_affected(len(self._ids) + len(ids), self._options)
        check_confirmed(ids, self._options)
        self._ids.extend(ids)

    def add_unsaved(self, posts: Sequence[Post]) -> None:
        """Add the ids of changed posts whose changes have not been written yet, and report the planned changes.

        Raises ConflictError if the options do not allow the changes.
        """
        self.add_ids([post.id for post in posts])
        if self._options.on_planned:
            for post in posts:
                self._options.on_planned(plan_change(post))

    def add_changed(self, post: Post, *, was_public: bool, previous_words: int) -> None:
        """Add a changed post in its new state."""
        self._add_record(post)
        if post.is_public and not was_public:
            self._changes.published.append(post.id)
        if was_public and not post.is_public:
            self._changes.withdrawn.append(post.id)
        if previous_words and not post.words:
            self._changes.emptied.append(post.id)

    def add_purged(self, post: Post) -> None:
        """Add a post that is purged, in its last state, and report the planned change."""
        if self._options.on_planned:
            self._options.on_planned(plan_purge(post))
        self._add_record(post)
        if post.is_public:
            self._changes.withdrawn.append(post.id)

    def result(self, *, missing: list[str], unchanged: int) -> Changes[RecordT]:
        """Return the collected changes, with the missing references and the number of unchanged posts."""
        is_complete = len(self._changes.changed) == len(self._ids)
        all_ids = None if is_complete else self._ids
        return replace(self._changes, missing=missing, unchanged=unchanged, all_ids=all_ids)

    def _add_record(self, post: Post) -> None:
        if self._options.max_records is None or len(self._changes.changed) < self._options.max_records:
            self._changes.changed.append(self._make_record(post))


def check_confirmed(ids: Sequence[int], options: BulkOptions) -> None:
    """Raise ConflictError if the user was asked and has not agreed to change all posts with these ids."""
    if options.confirmed is not None and not options.confirmed.issuperset(ids):
        raise ConflictError(
            "Other posts were selected while you were asked; nothing was changed", hint="Run the command again."
        )


def check_affected(count: int, options: BulkOptions) -> None:
    """Raise ConflictError if `count` is greater than the maximum number of posts that may change."""
    limit = options.max_affected
    if limit is not None and count > limit:
        raise ConflictError(
            f"More than {limit} post{'' if limit == 1 else 's'} would change; nothing was changed",
            hint="Narrow the selection, or raise --max-affected or the setting max_affected.",
        )


async def check_slug_is_free(posts: PostRepository, slug: str, *, unless_of: int | None = None) -> None:
    """Raise ConflictError if a post other than the post with the id `unless_of` has the slug."""
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
    """Raise ConflictError if the post is in the trash."""
    if post.trashed_at is not None:
        raise ConflictError(
            f"Post {post.id} ({post.slug}) is in the trash", hint=f"Run `blogcli post restore {post.id}` first."
        )
