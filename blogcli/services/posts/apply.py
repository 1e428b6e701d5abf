"""Change many posts in one transaction, each in its own way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import BlogError, ConflictError, NotFoundError, UsageError
from ...models import Post, User
from ...repositories.base import CHUNK, RowLock
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts import BulkOptions, PostSummary
from .bulk import ChangeCollector, check_not_trashed
from .changes import TagUpdate, apply_update, assign_author, check_slug, prepare_tag_update, resolve_new_author
from .summaries import post_summary

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostChange

# The maximum number of rows that an error names.
_MAX_NAMED = 10
# The maximum number of authors, and of combinations of tags, that are kept for the following rows.
MAX_CACHED = 1_000


async def apply_changes(
    sessions: SessionFactory, changes: "Iterable[PostChange]", *, options: BulkOptions
) -> Changes[PostSummary]:
    """Apply all changes to posts, or none of them.

    Memory does not grow with the number of changes, except for the ids of the posts. Raises NotFoundError if a post,
    an author or a tag to remove does not exist. Raises ConflictError if a post was changed in the meantime, if it is in
    the trash, if another post has its new slug, or if `options` do not allow the changes. Raises UsageError if a post
    is named twice.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        applier = _Applier(session, options)
        unread = iter(changes)
        while batch := list(islice(unread, CHUNK)):
            await applier.apply(batch)
        return applier.collector.result(missing=[], unchanged=applier.unchanged)


class _Applier:
    """Applies batches of changes in one session."""

    def __init__(self, session: AsyncSession, options: BulkOptions) -> None:
        self.collector = ChangeCollector(options, post_summary)
        self.unchanged = 0
        self._session = session
        self._posts = PostRepository(session)
        self._ids: set[int] = set()
        self._authors: dict[str, User | None] = {}
        self._tags: dict[str, TagUpdate] = {}

    async def apply(self, batch: "Sequence[PostChange]") -> None:
        """Lock and change the posts of a batch, and collect the changed posts."""
        by_id = dict(zip(await self._lock(batch), batch, strict=True))
        async for posts in self._posts.load_batches(list(by_id), with_content=True):
            _verify_unchanged(posts, by_id)
            before = {post.id: (post.is_public, post.words) for post in posts}
            # All queries precede the first change. A query would flush changes that are not in the search index yet.
            prepared = [await self._prepare(post, by_id[post.id]) for post in posts]
            changed = [post for post, change in zip(posts, prepared, strict=True) if change(post)]
            self.unchanged += len(posts) - len(changed)
            self.collector.add_unsaved(changed)
            await self._posts.save(changed)
            for post in changed:
                was_public, words = before[post.id]
                self.collector.add_changed(post, was_public=was_public, previous_words=words)

    async def _lock(self, batch: "Sequence[PostChange]") -> list[int]:
        """Lock the posts of a batch, and return the id of the post of each change.

        Raises NotFoundError if a post does not exist, and UsageError if two changes name the same post.
        """
        references = [change.reference for change in batch]
        ids, missing = await self._posts.resolve(references, lock=RowLock.EXCLUSIVE)
        if missing:
            names = dict.fromkeys(missing)
            raise NotFoundError(_describe("No such posts", (c for c in batch if c.reference in names)))
        if len(ids) < len(batch) or not self._ids.isdisjoint(ids):
            raise UsageError(
                f"Two rows name the same post, at or before line {batch[-1].line}", hint="Combine the rows."
            )
        self._ids.update(ids)
        return ids

    async def _prepare(self, post: Post, change: "PostChange") -> Callable[[Post], bool]:
        """Check a change of a post, and return a function that applies it and returns whether the post differs."""
        with naming_line(change.line):
            check_not_trashed(post)
            await check_slug(self._session, change.update, [post.id])
            author = await self._author(change)
            tags = await self._tag_update(change)

        def apply(post: Post) -> bool:
            with naming_line(change.line):
                return any([apply_update(post, change.update), assign_author(post, author), tags.apply(post)])

        return apply

    async def _author(self, change: "PostChange") -> User | None:
        name = change.update.author or ""
        if name not in self._authors:
            if len(self._authors) >= MAX_CACHED:
                self._authors.clear()
            self._authors[name] = await resolve_new_author(self._session, change.update)
        return self._authors[name]

    async def _tag_update(self, change: "PostChange") -> TagUpdate:
        key = repr(change.tags)
        if key not in self._tags:
            if len(self._tags) >= MAX_CACHED:
                self._tags.clear()
            self._tags[key] = await prepare_tag_update(self._session, change.tags)
        return self._tags[key]


@contextmanager
def naming_line(line: int) -> Iterator[None]:
    """Add the number of a line to the message of an error in the block."""
    try:
        yield
    except BlogError as error:
        error.message = f"line {line}: {error.message}"
        raise


def _verify_unchanged(posts: Sequence[Post], changes: "dict[int, PostChange]") -> None:
    """Raise ConflictError if a post is no longer as the change expects it."""
    stale = [changes[post.id] for post in posts if _is_stale(post, changes[post.id])]
    if stale:
        raise ConflictError(
            f"{_describe('Posts were changed in the meantime', stale)}; nothing was changed",
            hint="Read the posts again, and repeat the changes.",
        )


def _is_stale(post: Post, change: "PostChange") -> bool:
    return change.version not in (None, post.version) or change.updated_at not in (None, post.updated_at)


def _describe(message: str, changes: "Iterable[PostChange]") -> str:
    """Return the message followed by the references and lines of the first changes."""
    return f"{message}: {describe_lines((change.reference, change.line) for change in changes)}"


def describe_lines(items: Iterable[tuple[str, int]]) -> str:
    """Return the names and lines of the first items, and the number of the other items."""
    names = (f"{name} (line {line})" for name, line in items)
    first = list(islice(names, _MAX_NAMED))
    rest = sum(1 for _ in names)
    return f"{', '.join(first)}{f' and {rest} more' if rest else ''}"
